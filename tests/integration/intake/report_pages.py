"""The form of a report as a browser uses it, without a script: what tests do on its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import httpx

from data_catalogue import institutions
from integration.intake.conftest import Intake
from support.page_forms import Fields, PageForm

PAGE = "/periods/2026-Q1/submissions/vp"
REPORT = f"{PAGE}/report"


def fields_of(text: str, action: str) -> Fields:
    found = PageForm(text, action)
    assert found.found, action
    return found.fields


def filled(fields: Fields, **values: str) -> Fields:
    """The fields with some values put in."""
    return [(name, values.pop(name, value)) for name, value in fields] + list(values.items())


async def post(intake: Intake, path: str, who: dict[str, str], fields: Iterable[tuple[str, str]]) -> httpx.Response:
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return await intake.client.post(path, data=data, headers=who)


async def shown(intake: Intake, path: str, who: dict[str, str]) -> str:
    answer = await intake.get(path, who)
    assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("location"), answer.text[:500])
    return answer.text


async def save(
    intake: Intake, section: str, who: dict[str, str], more: str = "", do: str = "continue", **values: str
) -> httpx.Response:
    """Open the section, type `values` over what stands there, press a button."""
    at = f"{REPORT}/sections/{section}"
    text = await shown(intake, at + (f"?more={more}" if more else ""), who)
    return await post(intake, at, who, filled(fields_of(text, at), **values, do=do))


async def submit(intake: Intake, who: dict[str, str], **values: str) -> httpx.Response:
    text = await shown(intake, f"{REPORT}/check", who)
    return await post(intake, f"{REPORT}/submit", who, filled(fields_of(text, f"{REPORT}/submit"), **values))


async def version(intake: Intake, number: int = 1) -> dict[str, Any]:
    answer = await intake.get(f"/api{PAGE}/versions/{number}", intake.as_member("vp"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def report_figure(intake: Intake, who: dict[str, str], value: str = "9", do: str = "continue") -> httpx.Response:
    """One figure of persons referred."""
    at = f"{REPORT}/sections/observations"
    text = await shown(intake, at, who)
    row = re.search(r'name="(/observations/\d+)/indicator" value="VICT_REFERRED"', text)
    assert row is not None
    codes = {"sex": "F", "age_group": "ADULT", "destination": "SOCIAL_SERVICE", "value": value}
    values = {f"{row[1]}/{name}": code for name, code in codes.items()}
    return await post(intake, at, who, filled(fields_of(text, at), **values, do=do))


async def let_the_officer_sign(intake: Intake) -> None:
    """From now on the State Police's authorised officer signs its reports."""
    known = (await intake.get("/api/members/vp", intake.as_coordinator())).json()
    found = next(institution for institution in institutions() if institution.code == "vp")
    signing = {**found.model_dump(mode="json"), "memberships": known["memberships"], "sign_off": True}
    assert (await intake.post("/api/members", [signing], intake.as_coordinator())).status_code == 200
