"""`nrem doctor` says everything that is wrong at once; `nrem load` sends what is new and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from integration.embedded.installation import Platform, run
from nrem_embedded.project_data import data_folder
from nrem_embedded.servers import Postgres
from nrem_embedded.servers.ports import free_port

#: Whole platforms start and stop here; on a machine that does other things too this takes its time.
pytestmark = pytest.mark.timeout(420)


async def examined(platform: Platform, status: int, **environment: str) -> list[dict[str, Any]]:
    """Findings that are not well."""
    done = await run("doctor", "--json", "--full", state=platform.state, check=False, **environment)
    findings: list[dict[str, Any]] = json.loads(done.stdout)
    assert done.returncode == status, findings
    assert len({finding["area"] for finding in findings}) >= 8
    return [finding for finding in findings if finding["state"] != "ok"]


async def test_all_is_well(platform: Platform) -> None:
    await platform.settle()
    assert [finding for finding in await examined(platform, 0) if finding["area"] != "disk"] == []


async def test_everything_that_is_wrong_is_said_at_once_with_what_to_do(platform: Platform, postgres: Postgres) -> None:
    await platform.settle()
    pepper = platform.state / "secrets" / "key-pepper"
    database = platform.installation.databases["statistics"].app.rpartition("/")[2]
    role = platform.installation.databases["statistics"].app.split("//")[1].split(":")[0]
    admin = await asyncpg.connect(postgres.dsn(database))
    changed = "update facts.journal_payload set payload = payload || ' ' where position = 1"
    try:
        pepper.chmod(0o644)
        await admin.execute(f'grant delete on facts.journal to "{role}"')
        await admin.execute(changed)
        found = await examined(platform, 1, NREM_SMTP_HOST="127.0.0.1", NREM_SMTP_PORT=str(free_port()))
    finally:
        pepper.chmod(0o600)
        await admin.execute(f'revoke delete on facts.journal from "{role}"')
        await admin.execute("update facts.journal_payload set payload = rtrim(payload, ' ') where position = 1")
        await admin.close()
    problems = {(each["area"], each["what"]): each for each in found if each["state"] == "problem"}
    assert set(problems) == {
        ("configuration", "file modes"),
        ("database", "statistics role"),
        ("journal", "statistics journal"),
        ("mail", "intake server"),
        ("mail", "notifier server"),
    }
    assert "DELETE on facts.journal" in problems["database", "statistics role"]["said"]
    assert all(each["do"] for each in problems.values())


async def test_servers_that_are_away_are_findings_too(platform: Platform, tmp_path: Path) -> None:
    state = tmp_path / "elsewhere"
    state.mkdir(mode=0o700)
    shutil.copytree(platform.state / "secrets", state / "secrets")
    away = f"127.0.0.1:{free_port()}"
    text = (platform.state / "nrem.json").read_text()
    installation = json.loads(text)
    installation["kafka"] = away
    installation["url"] = f"http://{away}/"
    installation["databases"]["intake"]["app"] = f"postgresql://nobody:nothing@{away}/nrem"
    (state / "nrem.json").write_text(json.dumps(installation))
    done = await run("doctor", "--json", state=state, check=False)
    assert done.returncode == 1
    problems = {(each["area"], each["what"]) for each in json.loads(done.stdout) if each["state"] == "problem"}
    assert {("database", "intake"), ("kafka", "cluster"), ("services", "notifier")} <= problems


async def test_what_is_loaded_again_is_no_news_and_what_was_corrected_is(platform: Platform, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_folder(), data)
    dry = await run("load", "all", "--from", str(data), "--dry-run", state=platform.state)
    assert dry.stdout.count("0 new, 0 changed") == 8
    projects = data / "projects.yaml"
    text = projects.read_text("utf-8")
    assert text.count("Safe job search") == 1
    projects.write_text(text.replace("Safe job search", "Safe search for jobs"), "utf-8")
    dry = await run("load", "reference", "--from", str(data), "--dry-run", state=platform.state)
    assert "0 new, 1 changed" in dry.stdout
    sent = await run("load", "reference", "contacts", "--from", str(data), state=platform.state)
    assert "1 facts" in sent.stdout
    assert "nothing new" in sent.stdout
    assert "nothing new" in (await run("load", "reference", "--from", str(data), state=platform.state)).stdout
