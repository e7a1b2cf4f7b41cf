"""What the coordinator writes here: helplines may stand in it, and a note is taken out of everything."""

from __future__ import annotations

from typing import Any

from integration.notifier.stage import Stage
from integration.notifier.story import PERIOD, at, opened
from nrem_shared.runtime.allowed_contacts import handlers
from support.allowed_contacts import HELPLINE, SAID, UNKNOWN, allowed_contacts
from support.signing import Signing

KEY = f"QUARTER/{PERIOD}/em"


async def prepared(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "em")
    await stage.move(at("2026-10-10"))


async def posted(stage: Stage, signing: Signing, path: str, body: Any) -> int:
    headers = signing.bearer("coordinator", member="iem")
    return int((await stage.running.client.post(path, json=body, headers=headers)).status_code)


async def test_helplines_that_the_bus_names_may_stand_in_notes_lines_and_reasons(
    stage: Stage, signing: Signing
) -> None:
    await prepared(stage)
    bodies = (
        ("/api/notes", "text", {"obligation": KEY}, 201),
        ("/api/reminders", "line", {"obligation": KEY}, 201),
        ("/api/sending", "reason", {"paused": True}, 200),
    )
    for path, field, body, _ in bodies:
        assert await posted(stage, signing, path, {**body, field: SAID}) == 422, path
    async with stage.running.runtime.pool.acquire() as conn:
        await handlers.apply(conn, [allowed_contacts(HELPLINE)])
    for path, field, body, good in bodies:
        assert await posted(stage, signing, path, {**body, field: UNKNOWN}) == 422, path
        assert await posted(stage, signing, path, {**body, field: SAID}) == good, path


async def test_a_note_and_the_reason_of_a_pause_go_from_journal_and_tables(stage: Stage, signing: Signing) -> None:
    await prepared(stage)
    text = "Runāts ar Paraugu Vārdu"
    assert await posted(stage, signing, "/api/notes", {"obligation": KEY, "text": text}) == 201
    assert await posted(stage, signing, "/api/sending", {"paused": True, "reason": text}) == 200
    await stage.look()
    pool = stage.running.runtime.pool
    async with pool.acquire() as conn:
        position = await conn.fetchval("select position from facts.journal where type = 'nrem.obligation.noted.v1'")
    assert await posted(stage, signing, "/api/redactions", {"position": position, "reason": "Nosaukta persona"}) == 200
    async with pool.acquire() as conn:
        for table in ("journal_payload", "note", "sending", "hold"):
            assert await conn.fetchval(f"select count(*) from facts.{table} t where t::text like '%Paraug%'") == 0, (
                table
            )
        switch = await conn.fetchrow("select revision, paused, reason from facts.sending")
    assert tuple(switch) == (2, True, "[dzēsts]")
    assert await posted(stage, signing, "/api/sending", {"paused": False}) == 200  # the third revision of its stream
