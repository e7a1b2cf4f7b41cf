"""Submissions that arrive at once share a transaction; each is decided, answered or refused by itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from integration.intake.conftest import Intake
from nrem_intake.submissions.store import STREAMS
from nrem_intake.submissions.together import MOST
from nrem_shared.runtime.arrays import literal
from nrem_shared.runtime.journal.verify import verify

NOTHING = {"nothing_to_report": True}
PERIODS = ("2026-Q1", "2026-Q2", "2026-Q3")
MEMBERS = ("vp", "lm", "em", "iem", "am", "km", "tm")


def path(period: str, member: str) -> str:
    return f"/api/periods/{period}/submissions/{member}"


async def submit(intake: Intake, period: str, member: str, body: Any, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return await intake.post(path(period, member), body, {**intake.as_member(member), **headers})


async def journalled(intake: Intake) -> list[tuple[str, str]]:
    connection = await intake.connect()
    try:
        assert (await verify(connection)).findings == []
        rows = await connection.fetch("select subject, actor from facts.journal where subject like 'submission/%'")
        return sorted((row["subject"], row["actor"]) for row in rows)
    finally:
        await connection.close()


async def test_streams_are_looked_up_by_their_keys_also_where_the_tables_were_never_analysed(intake: Intake) -> None:
    keys = [(period, member) for period in PERIODS for member in MEMBERS] * 3
    connection = await intake.connect()
    try:
        for plans in ("force_custom_plan", "force_generic_plan"):
            await connection.execute(f"set plan_cache_mode = {plans}")
            given = [literal([key[place] for key in keys]) for place in range(2)]
            plan = "\n".join(row[0] for row in await connection.fetch(f"explain {STREAMS}", *given, False))
            for table in ("submission", "submission_version", "extension"):
                assert f"Index Scan using {table}_pkey" in plan
                assert f"Seq Scan on {table} " not in plan
    finally:
        await connection.close()


async def test_a_refused_one_among_them_spoils_nothing(intake: Intake) -> None:
    members = ("vp", "lm", "em", "iem")
    bodies = {member: {"nothing_to_report": member != "lm"} for member in members}
    asked = [(period, member) for period in PERIODS for member in members]
    answers = await asyncio.gather(*(submit(intake, *each, bodies[each[1]]) for each in asked))
    statuses = {each: answer.status_code for each, answer in zip(asked, answers, strict=True)}
    assert statuses == {each: 422 if each[1] == "lm" else 201 for each in asked}
    for (period, member), answer in zip(asked, answers, strict=True):
        if member != "lm":
            assert answer.headers["nrem-after"] == f"intake:submission/{period}/{member}@1"
            assert (answer.json()["period"], answer.json()["member"]) == (period, member)
    assert await journalled(intake) == sorted(
        (f"submission/{period}/{member}", f"key:{member}") for period, member in asked if member != "lm"
    )


async def test_more_than_one_transaction_takes_are_all_answered(intake: Intake) -> None:
    asked = [(period, member) for period in PERIODS for member in MEMBERS]
    again = [(*each, f"{each}-{number}") for number in range(MOST // len(asked) + 1) for each in asked]
    answers = await asyncio.gather(*(submit(intake, *one[:2], NOTHING, one[2]) for one in again))
    assert len(answers) > MOST
    assert Counter(answer.status_code for answer in answers) == {201: len(asked), 428: len(answers) - len(asked)}
    assert await journalled(intake) == sorted(
        (f"submission/{period}/{member}", f"key:{member}") for period, member in asked
    )


async def test_reference_data_that_changed_since_counts(intake: Intake) -> None:
    """What was found by the reference data known before is no answer."""
    figure = {"indicator": "VICT_REFERRED", "sex": "F", "age_group": "ADULT", "destination": "STATE_POLICE", "value": 1}
    assert (await submit(intake, "2026-Q1", "vp", {"observations": [figure]})).status_code == 201
    coordinator = intake.as_coordinator()
    known = (await intake.get("/api/reference/codelist/referral_destination", coordinator)).json()
    item = {name: known[name] for name in ("kind", "code", "title", "status", "codes")}
    for code in item["codes"]:
        if code["code"] == "STATE_POLICE":
            code["valid_to"] = "2025-12-31"
    assert (await intake.post("/api/reference", [item], coordinator)).status_code == 200
    refused = await submit(intake, "2026-Q1", "vrs", {"observations": [figure]})
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/observations/0/destination", "no_longer_valid")
    ]


async def test_the_same_stream_at_once_is_submitted_once(intake: Intake) -> None:
    answers = await asyncio.gather(*(submit(intake, "2026-Q1", "vp", NOTHING) for _ in range(5)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 428: 4}
    assert len(await journalled(intake)) == 1


async def test_the_same_key_at_once_gets_one_answer(intake: Intake) -> None:
    answers = await asyncio.gather(*(submit(intake, "2026-Q1", "vp", NOTHING, "one") for _ in range(5)))
    assert [answer.status_code for answer in answers] == [201] * 5
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 4
    other = await submit(intake, "2026-Q2", "vp", NOTHING, "one")
    assert other.status_code == 422
    assert len(await journalled(intake)) == 1
