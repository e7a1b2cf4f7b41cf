"""Records that are not understood: kept, counted and passed over, or reason enough to stop; never lost."""

from __future__ import annotations

import json

import pytest

from nrem_shared.contracts.topics import MEMBERS, PERIODS
from nrem_shared.runtime.projection.replay import replay_dead_letters
from support.bus import send_raw
from support.echo import blueprint, handlers
from support.eventually import eventually, stays
from support.projections import Projection
from support.records import Journal, Sent, on_topic, value
from support.running import Running, running

LETTER = "select topic, partition, record_offset, value from projection.dead_letter"
LONG = "x" * 41  # the table takes 40


@pytest.fixture
async def settings(settings_for):
    return await settings_for("echo", dead_letter_limit=5)


@pytest.fixture
async def projection(settings):
    opened = await Projection.open(settings)
    yield opened
    await opened.conn.close()


async def halted(service: Running) -> str:
    consumer = service.runtime.consumer
    assert consumer is not None
    return await eventually(lambda: consumer.halted)


def changed(one: Sent, **fields: object) -> Sent:
    """The same record with other fields in its envelope."""
    return Sent(one.partition, one.key, json.dumps({**json.loads(one.value), **fields}).encode(), one.position)


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (lambda one: Sent(0, one.key, b"{not json"), "envelope"),
        (lambda one: Sent(0, one.key, b"\xff\xfe\x00"), "envelope"),
        (lambda one: Sent(0, one.key, b""), "envelope"),
        (lambda one: changed(one, type="nrem.nothing.known.v1"), "unknown-type"),
        (lambda one: changed(one, type="com.example.other"), "unknown-type"),
        (lambda one: changed(one, type="nul\x00.in.it"), "unknown-type"),
        (lambda one: changed(one, data={"code": "UPPER CASE"}), "contract"),
        (lambda one: changed(one, subject="member/\x00"), "CharacterNotInRepertoireError"),
    ],
    ids=["no-json", "no-text", "empty", "unknown-event", "foreign-event", "nul-in-type", "contract", "nul-in-stream"],
)
async def test_what_is_not_understood_is_kept_and_the_others_go_on(settings, projection, spoil, cause: str) -> None:
    journal = Journal()
    before, poison, after = journal.label("a", 1, "a1"), journal.label("b", 1, "b1"), journal.label("a", 2, "a2")
    spoiled = spoil(poison)
    async with running(blueprint(), settings, ["consume"]) as echo:
        await send_raw(settings, *on_topic([before, spoiled, after]))
        await projection.has([("a", 1, "a1"), ("a", 2, "a2")])
        await projection.has_letters((cause, "member/b"))
        row = await projection.conn.fetchrow(
            "select topic, partition, record_offset, value from projection.dead_letter"
        )
        assert tuple(row) == (MEMBERS, 0, 1, spoiled.value)
        assert echo.service.registry.get_sample_value("nrem_projection_dead_letters") == 1
        # Where at least the envelope could be read, the record came: nothing is missing.
        assert await projection.gaps() == ([] if cause != "envelope" else [(1, 2)])


async def test_a_poison_record_cannot_spoil_its_own_dead_letter(settings, projection) -> None:
    journal = Journal()
    poison = Sent(0, b"member/\x00\xff", b"\x00")
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic([poison, journal.label("a", 1, "a1")]))
        await projection.has([("a", 1, "a1")])
        await projection.has_letters(("envelope", "member/\ufffd\ufffd"))


@pytest.mark.parametrize("label", [handlers.REFUSED, LONG], ids=["by-the-handler", "by-the-database"])
async def test_of_a_batch_only_the_refused_record_becomes_a_dead_letter(settings, projection, label: str) -> None:
    journal = Journal()
    records = [journal.label(code, 1, label if code == "c" else f"{code}1") for code in "abcdef"]
    await send_raw(settings, *on_topic(records))
    async with running(blueprint(), settings, ["consume"]):
        await projection.has([(code, 1, f"{code}1") for code in "abdef"])
        [(_, key)] = await projection.letters()
        assert key == "member/c"
        assert await projection.gaps() == []
        assert (await projection.applied())[(MEMBERS, 0)] == (6, 6)


async def test_a_refused_record_sent_again_is_one_dead_letter(settings, projection) -> None:
    journal = Journal()
    records = [journal.label("a", 1, "a1"), journal.label("b", 1, handlers.REFUSED)]
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic([*records, *records, *records, journal.label("c", 1, "c1")]))
        await projection.has([("a", 1, "a1"), ("c", 1, "c1")])
        assert len(await projection.letters()) == 1


async def test_a_newer_version_halts_the_consumer_which_says_so_and_acknowledges_nothing_of_it(
    settings, projection, signing
) -> None:
    journal = Journal()
    known, newer, later = journal.label("a", 1, "a1"), journal.label("b", 1, "b1"), journal.label("c", 1, "c1")
    newer = changed(newer, type="nrem.institution.registered.v2")
    await send_raw(settings, *on_topic([known, newer, later]))
    for _ in range(2):
        async with running(blueprint(), settings) as echo:
            reason = await halted(echo)
            assert "nrem.members partition 0 offset 1: nrem.institution.registered.v2 is newer" in reason
            await projection.has([("a", 1, "a1")])
            assert (await projection.applied())[(MEMBERS, 0)] == (1, 1)
            assert echo.service.registry.get_sample_value("nrem_projection_halted") == 1
            answer = await echo.client.get("/health/live")
            assert (answer.status_code, answer.json()["detail"]) == (503, f"The consumer halted: {reason}")
            await signing.trust(settings)
            await echo.runtime.watch.refresh()
            answer = await echo.client.get("/api/operations/status", headers=signing.bearer("operator"))
            assert answer.json()["halted"] == reason
    assert await projection.letters() == []


async def test_a_limit_of_dead_letters_stops_the_consumer_rather_than_draining_everything(settings, projection) -> None:
    journal = Journal()
    poison = [journal.event(f"member/x{n}", 1, {"code": "!"}) for n in range(20)]
    await send_raw(settings, *on_topic([journal.label("a", 1, "a1"), *poison, journal.label("b", 1, "b1")]))
    async with running(blueprint(), settings, ["consume"]) as echo:
        await halted(echo)
        await stays(lambda: echo.runtime.consumer.halted, seconds=0.2)
    assert len(await projection.letters()) == 5
    assert await projection.table() == [("a", 1, "a1")]
    async with running(blueprint(), settings, ["consume"]) as echo:
        assert "5 dead letters" in await halted(echo)
    assert len(await projection.letters()) == 5


async def test_a_limit_stops_a_handler_that_refuses_everything(settings, projection) -> None:
    journal = Journal()
    records = [journal.label("a", n, handlers.REFUSED) for n in range(1, 30)]
    await send_raw(settings, *on_topic(records))
    async with running(blueprint(), settings, ["consume"]) as echo:
        assert "5 dead letters" in await halted(echo)
    assert len(await projection.letters()) == 5
    assert (await projection.applied())[(MEMBERS, 0)] == (5, 5)


async def test_dead_letters_are_replayed_once_they_are_understood(settings, projection, monkeypatch) -> None:
    journal = Journal()
    records = [
        journal.label("a", 1, "a1"),
        journal.label("b", 1, handlers.REFUSED),
        journal.event("member/c", 1, {"code": "!"}),
    ]
    async with running(blueprint(), settings) as echo:
        await send_raw(settings, *on_topic([*records, Sent(0, b"junk", b"junk")]))
        await projection.has([("a", 1, "a1")])
        await projection.has_letters(("ValueError", "member/b"), ("contract", "member/c"), ("envelope", "junk"))
        monkeypatch.setattr(handlers, "REFUSED", "nothing")  # the next release understands it
        pool, apply = echo.runtime.pool, echo.runtime.consumer.handlers
        assert await replay_dead_letters(pool, apply) == (1, 2)
        assert await projection.table() == [("a", 1, "a1"), ("b", 1, "REFUSED")]
        assert await projection.letters() == [("contract", "member/c"), ("envelope", "junk")]
        assert await replay_dead_letters(pool, apply, [99]) == (0, 0)
        revision = await projection.conn.fetchval("select revision from projection.stream where subject = 'member/b'")
        assert revision == 1


async def test_operators_list_and_replay_dead_letters_over_http(settings, projection, signing) -> None:
    await signing.trust(settings)
    async with running(blueprint(), settings) as echo:
        await send_raw(settings, (PERIODS, 0, b"key", b"junk"))
        await projection.has_letters(("envelope", "key"))
        operator, coordinator = signing.bearer("operator"), signing.bearer("coordinator")
        [letter] = (await echo.client.get("/api/operations/dead-letters", headers=operator)).json()
        assert (letter["topic"], letter["partition"], letter["record_offset"]) == (PERIODS, 0, 0)
        assert "value" not in letter
        refused = await echo.client.post("/api/operations/dead-letters/replay", headers=coordinator)
        assert refused.status_code == 403
        answer = await echo.client.post("/api/operations/dead-letters/replay", headers=operator)
        assert answer.json() == {"resolved": 0, "remaining": 1}


async def test_a_foreign_record_that_claims_a_far_position_hides_nothing(settings, projection) -> None:
    journal = Journal()
    first = journal.label("a", 1, "a1")
    forged = Sent(0, b"member/z", value("member/z", 1, 10**9, 0, json.loads(first.value)["data"]))
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic([first, forged, journal.label("a", 2, "a2")]))
        await projection.has([("a", 1, "a1"), ("a", 2, "a2")])
        await projection.has_letters(("out-of-place", "member/z"))
