"""A back-up of the running platform, restored into an empty installation: the same facts and pages, no mail twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from integration.embedded.installation import Platform, run
from nrem_embedded.cli.access import find
from nrem_embedded.platform.state import SERVICES, StateFolder

#: Where a restored installation says something else: relays begin anew, the notifier held while it knew nothing and
#: decided for a new build, and the bytes of old mails are emptied at a start.
ELSEWHERE = frozenset({"relay_mark", "decided", "hold", "mail", "session", "idempotency"})

EVIDENCE = "Mācību apraksts\n".encode()

#: Whole platforms start and stop here; on a machine that does other things too this takes its time.
pytestmark = pytest.mark.timeout(420)


@pytest.fixture(scope="module")
def file(platform: Platform, loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A back-up made while the platform runs."""
    folder = tmp_path_factory.mktemp("backups")
    loop.run(evidence(platform))
    loop.run(platform.settle())
    done = loop.run(run("backup", str(folder), state=platform.state))
    assert "not encrypted" in done.stdout
    (made,) = folder.glob("nrem-*.zip")
    return made


@pytest.fixture
async def restored(file: Path, tmp_path: Path) -> AsyncIterator[Platform]:
    """An installation with servers of its own, from the back-up alone."""
    new = Platform(tmp_path / "restored")
    done = await run("restore", str(file), state=new.state)
    assert "restored; now nrem demo" in done.stdout
    try:
        await new.start("--empty")
        yield new
    finally:
        new.stop()


async def test_restored_into_an_empty_installation(platform: Platform, restored: Platform) -> None:
    before = {service: await platform.facts(service) for service in SERVICES}
    dumps, mails = await platform.dumps(), await platform.mails()
    await restored.settle()
    assert await restored.dumps() == dumps
    assert await restored.mails() == mails
    for service in SERVICES:
        after = await restored.facts(service)
        kept = before[service].keys() - ELSEWHERE
        assert {name: after[name] for name in kept} == {name: before[service][name] for name in kept}
    assert await states(restored) == await states(platform)
    assert [path.read_bytes() for path in files(restored)] == [EVIDENCE]
    # It goes on from there: keys still work, time moves, facts flow, and nobody is told anything a second time.
    await run("clock", "advance", "1d", state=restored.state)
    await restored.settle()
    assert (await restored.mails())[: len(mails)] == mails
    assert len({message for _, message in await restored.mails()}) == len(await restored.mails())


def test_what_a_back_up_says_of_itself(platform: Platform, file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read("secrets/key-pepper").decode() == StateFolder(platform.state).secret("key-pepper")
        ledger = archive.read("notifier/ledger.copy").decode().splitlines()
    assert set(manifest["services"]) == set(SERVICES)
    (told,) = (table for table in manifest["services"]["notifier"]["tables"] if table["name"] == "ledger")
    assert len(ledger) == told["rows"] > 0
    for copy in manifest["services"].values():
        assert {"journal", "journal_payload", "journal_head"} <= {table["name"] for table in copy["tables"]}


async def evidence(platform: Platform) -> None:
    """A member sends a file."""
    async with find(platform.state).speaking() as say:
        sent = await say.ask(
            "vp",
            "POST",
            "/intake/api/periods/2026-Q1/evidence/vp",
            content=b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
            + EVIDENCE
            + b"\r\n--x--",
            headers={"content-type": "multipart/form-data; boundary=x"},
        )
    assert sent.status_code == 201, sent.text


def files(platform: Platform) -> list[Path]:
    """Where its files of evidence are."""
    return [path for path in (platform.state / "evidence").rglob("*") if path.is_file()]


async def states(platform: Platform) -> list[str]:
    """What became of every mail."""
    conn = await platform.connect("notifier")
    try:
        rows = await conn.fetch(
            "select (id, state, attempts, message_id, settled_at)::text from facts.mail order by id"
        )
        return [row[0] for row in rows]
    finally:
        await conn.close()


async def test_where_something_is_already_nothing_is_restored(platform: Platform, file: Path) -> None:
    done = await run("restore", str(file), state=platform.state, check=False)
    assert done.returncode == 2
    assert "Kafka's topics hold records" in done.stderr


@pytest.mark.parametrize("member", ["intake/journal_payload.copy", "notifier/ledger.copy", "secrets/key-pepper"])
async def test_a_changed_back_up_is_refused_and_leaves_nothing(file: Path, tmp_path: Path, member: str) -> None:
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(changed, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(name, content[:-2] + b"7\n" if name == member else content)
    done = await run("restore", str(changed), state=tmp_path / "none", check=False)
    assert done.returncode == 2
    assert f"{member} is not what was written" in done.stderr
    assert not (tmp_path / "none" / "nrem.json").exists()


async def test_a_journal_that_was_changed_with_its_checksum_is_found_by_its_chain(file: Path, tmp_path: Path) -> None:
    changed, member = tmp_path / "changed.zip", "plan-tracker/journal.copy"
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(changed, "w") as bad:
        content = good.read(member).replace(b"institution:iem", b"institution:tsb", 1)
        assert content != good.read(member)
        manifest = json.loads(good.read("manifest.json"))
        table = next(t for t in manifest["services"]["plan-tracker"]["tables"] if t["name"] == "journal")
        table["sha256"] = hashlib.sha256(content).hexdigest()
        for name in good.namelist():
            if name not in (member, "manifest.json"):
                bad.writestr(name, good.read(name))
        bad.writestr(member, content)
        bad.writestr("manifest.json", json.dumps(manifest))
    done = await run("restore", str(changed), state=tmp_path / "none", check=False)
    assert done.returncode == 2
    assert "the journal of plan-tracker does not hold: its type, stream, time, actor" in done.stderr
    assert not (tmp_path / "none" / "nrem.json").exists()
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
