"""Intake as it runs, with the reference data, members and quarters of `data/`, and clients for those who use it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from data_catalogue import codelists, indicators, institutions, load, plan, projects
from integration.conftest import SettingsFactory
from nrem_intake.app import BLUEPRINT
from nrem_intake.plans.store import replace_plan
from nrem_intake.settings import IntakeSettings
from nrem_shared.runtime.database import prepare
from support.running import Running, running
from support.signing import Signing

#: When the demonstration begins for these tests: the first quarter is open, nothing was submitted.
BEGIN = "2026-04-01T06:00:00+00:00"


@dataclass(frozen=True)
class Intake:
    """A running intake; `as_member("vp")` and `as_coordinator()` are headers."""

    service: Running
    signing: Signing

    @property
    def client(self) -> httpx.AsyncClient:
        return self.service.client

    def as_member(self, member: str, *roles: str) -> dict[str, str]:
        return {**self.signing.bearer("member", *roles, member=member), "Accept-Language": "en"}

    def as_coordinator(self) -> dict[str, str]:
        return {**self.signing.bearer("coordinator", member="iem"), "Accept-Language": "en"}

    async def post(self, path: str, body: Any, headers: dict[str, str], **more: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return await self.client.post(path, json=body, headers={**headers, **named})

    async def get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return await self.client.get(path, headers=headers)

    async def set_clock(self, instant: str) -> None:
        answer = await self.post("/api/clock", {"to": instant}, self.as_coordinator())
        assert answer.status_code == 200, answer.text

    async def connect(self) -> asyncpg.Connection:
        connection = await asyncpg.connect(str(self.service.settings.database_url))
        await prepare(connection)
        return connection

    async def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows that submitting may change, to compare before and after."""
        connection = await self.connect()
        try:
            return {
                table: [tuple(row) for row in await connection.fetch(f"select * from facts.{table} order by 1, 2, 3")]
                for table in ("journal", "journal_payload", "journal_head", "submission", "submission_version")
            }
        finally:
            await connection.close()


def _members() -> list[dict[str, Any]]:
    group = {item["institution"]: item for item in load("members.yaml")["working_group_2025"]["members"]}
    found = []
    for institution in institutions():
        document = institution.model_dump(mode="json")
        if institution.code in group:
            item = group[institution.code]
            document["memberships"] = [
                {"group": "working_group_2025", "since": str(item["from"]), "until": item["to"] and str(item["to"])}
            ]
        found.append(document)
    return found


def _calendar() -> dict[str, Any]:
    """The working-day calendar as the code list that intake reads."""
    calendar = load("working_days.yaml")
    off = {item["date"] for item in calendar["holidays"]} | {item["off"] for item in calendar["moved_days"]}
    worked = {item["worked"] for item in calendar["moved_days"]}
    text = {"lv": "Brīvdiena", "en": "Day off"}
    return {
        "kind": "codelist",
        "code": "calendar_exception",
        "title": text,
        "status": "verified",
        "codes": [{"code": day, "label": text, "attributes": {"works": day in worked}} for day in sorted(off | worked)],
    }


async def _load(intake: Intake) -> None:
    headers = intake.as_coordinator()
    items = [item.model_dump(mode="json") for item in (*codelists(), *indicators(), *projects())]
    for path, body in (("/api/members", _members()), ("/api/reference", [*items, _calendar()])):
        answer = await intake.post(path, body, headers)
        assert answer.status_code == 200, answer.text
    async with intake.service.runtime.pool.acquire() as connection:
        await replace_plan(connection, plan(), 1)
    for code, due in (("2026-Q1", "2026-04-15"), ("2026-Q2", "2026-07-15"), ("2026-Q3", "2026-10-15")):
        body = {"code": code, "group": "working_group_2025", "due": due, "illustrative": True}
        answer = await intake.post("/api/periods", body, headers)
        assert answer.status_code == 201, answer.text


@pytest.fixture
async def intake(settings_for: SettingsFactory, signing: Signing, tmp_path: Path) -> AsyncIterator[Intake]:
    """Intake with everything that a submission refers to; the clock stands at `BEGIN`."""
    settings = await settings_for(
        "intake",
        settings_type=IntakeSettings,
        demonstration=True,
        key_pepper="p" * 32,
        evidence_dir=tmp_path / "evidence",
    )
    await signing.trust(settings)
    async with running(BLUEPRINT, settings, roles=("api",)) as service:
        made = Intake(service, signing)
        await made.set_clock(BEGIN)
        await _load(made)
        yield made
