"""What is missing is known: gaps, and how fresh a topic is; what was erased is not missing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack

import asyncpg

from nrem_shared.contracts.members import ContactChanged
from nrem_shared.contracts.topics import CONTACTS, HEARTBEATS, MEMBERS, PERIODS
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.projection import problem_store, store
from nrem_shared.runtime.projection.events import ERASED, Event
from support.bus import send_raw
from support.echo import blueprint
from support.eventually import eventually, stays
from support.journals import BY_TEST, record_labels
from support.records import Journal, on_topic, some_labels
from support.running import running


async def test_a_missing_record_is_a_gap_until_it_comes(settings_for, opened) -> None:
    settings = await settings_for("echo")
    projection = await opened(settings)
    journal = Journal()
    labels, records = some_labels(journal, range(1, 2))
    async with running(blueprint(), settings, ["consume"]) as echo:
        await send_raw(settings, *on_topic([records[0], records[3], records[5]]))
        await projection.has([labels[0], labels[3], labels[5]])
        assert await projection.gaps() == [(1, 3), (4, 5)]
        await eventually(lambda: echo.service.registry.get_sample_value("nrem_projection_gaps") == 2)
        await send_raw(settings, *on_topic([records[1]]))
        await projection.has([labels[0], labels[1], labels[3], labels[5]])
        assert await projection.gaps() == [(2, 3), (4, 5)]
        await send_raw(settings, *on_topic([records[2], records[3], records[4], records[5]]))
        await projection.has(labels)
        assert await projection.gaps() == []
        assert echo.service.registry.get_sample_value("nrem_projection_gaps") == 0


async def test_a_first_record_that_has_one_before_it_is_a_gap(settings_for, opened) -> None:
    settings = await settings_for("echo", partitions=4)
    projection = await opened(settings)
    journal = Journal(4)
    first, second = journal.label("a", 1, "a1"), journal.label("a", 2, "a2")
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic([second]))
        await projection.has([("a", 2, "a2")])
        assert await projection.gaps() == [(0, 1)]
        await send_raw(settings, *on_topic([first]))
        await projection.has([("a", 1, "a1"), ("a", 2, "a2")])
        assert await projection.gaps() == []


async def test_freshness_is_known_on_topics_where_nothing_happens(settings_for, opened) -> None:
    settings = await settings_for("echo", partitions=4, heartbeat_seconds=0.1, fresh_seconds=1.0)
    projection = await opened(settings)
    async with AsyncExitStack() as stack:
        reader = await stack.enter_async_context(running(blueprint("statistics"), settings, ["api", "consume"]))
        async with running(blueprint(), settings, ["relay"]) as echo:

            async def ready() -> bool:
                return (await reader.client.get("/health/ready")).status_code == 200

            await eventually(ready)
            fresh = await store.freshness(projection.conn)
            assert all(fresh[topic] is not None for topic in reader.runtime.blueprint.topics - {HEARTBEATS})
            await record_labels(echo.runtime.journal, ("a", 1, "a1"))
            await projection.has([("a", 1, "a1")])
            before = (await store.freshness(projection.conn))[MEMBERS]

            async def newer() -> bool:
                return (await store.freshness(projection.conn))[MEMBERS] > before

            await eventually(newer)
            assert await store.behind(projection.conn, sorted(reader.runtime.blueprint.topics)) == 0
            assert reader.service.registry.get_sample_value("nrem_projection_lag_events", {"topic": MEMBERS}) == 0

        async def stale() -> str:
            answer = await reader.client.get("/health/ready")
            assert answer.status_code == 503
            return answer.json()["detail"]

        assert "nrem.members" in await eventually(stale)


async def test_what_has_a_gap_is_not_fresh(settings_for, opened) -> None:
    settings = await settings_for("echo", heartbeat_seconds=0.1)
    projection = await opened(settings)
    labels = [("a", 1, "a1"), ("a", 2, "a2")]
    async with running(blueprint(), settings, ["relay", "consume"]) as echo:
        await record_labels(echo.runtime.journal, *labels)
        await projection.has(labels)

        async def known() -> bool:
            fresh = await store.freshness(projection.conn)
            return bool(fresh.get(MEMBERS) and fresh.get(PERIODS))

        await eventually(known)
        await problem_store.save_gap(projection.conn, (MEMBERS, 0), 1, 2, echo.runtime.clock.now())
        before = (await store.freshness(projection.conn))[MEMBERS]

        async def others_move_on() -> bool:
            return (await store.freshness(projection.conn))[PERIODS] > before

        async def unchanged() -> bool:
            return (await store.freshness(projection.conn))[MEMBERS] == before

        await eventually(others_move_on)
        await stays(unchanged, seconds=0.5)


async def test_an_erased_stream_reaches_the_handler_and_keeps_the_topic_fresh(settings_for, opened) -> None:
    seen: list[tuple[str, str, int]] = []

    async def apply(_conn: object, events: Sequence[Event]) -> None:
        seen.extend((event.type, event.subject, event.revision) for event in events)

    async def addresses(_conn: object, rows: Sequence[asyncpg.Record]) -> dict[int, str | None]:
        return {row["position"]: row["payload"] if row["revision"] == 1 else None for row in rows}

    settings = await settings_for("echo", heartbeat_seconds=0.1)
    projection = await opened(settings)
    contacts = blueprint(projects={CONTACTS: apply})
    with_addresses = type(contacts)(**{**vars(contacts), "enrichers": {CONTACTS: addresses}})
    async with running(with_addresses, settings) as echo:
        for revision in (1, 2):
            async with echo.runtime.journal.writing(BY_TEST) as writing:
                data = ContactChanged(contact="c1", member="vp", role="deputy")
                writing.record(Fact("nrem.contact.changed.v1", "contact/c1", revision, data))
        await eventually(lambda: len(seen) == 2)
        assert seen == [("nrem.contact.changed.v1", "contact/c1", 1), (ERASED, "contact/c1", 2)]
        assert await echo.runtime.watch.reach({"contact/c1": 2}, 5)
        before = (await store.freshness(projection.conn))[CONTACTS]

        async def fresh() -> bool:
            now = (await store.freshness(projection.conn))[CONTACTS]
            return now is not None and (before is None or now > before)

        await eventually(fresh)
