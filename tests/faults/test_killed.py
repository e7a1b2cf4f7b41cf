"""SIGKILL at exactly the instructions where something could be lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from faults.installation import SERVICES, Installation
from faults.processes import RoleProcess
from support.bus import read_all
from support.proxy import Trap
from support.traps import (
    asked_any,
    commit_answered,
    commit_asked,
    offsets_committed,
    produced,
    statement_answered,
    statement_asked,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")
FIGURES = {"ABROAD_SUPPORT": 3, "SERVICE_PROVIDER": 4}


async def test_intake_before_and_after_its_commit(installation, people, book, new_stream, equality) -> None:
    api = installation.roles["intake:api"]
    for committed, at in ((False, statement_asked), (True, statement_answered)):
        stream = new_stream()
        trap = api.database.set(at(stream.subject.encode()))
        repeated = book.repeated
        submitting = asyncio.create_task(people.submit(stream, FIGURES))
        await trap.sprung_within(20)
        await api.killed_and_started()
        await submitting
        assert book.repeated == repeated + committed
    await equality.holds()


async def test_relays_between_the_acknowledgement_and_their_hearing_of_it(
    installation, people, book, new_stream, equality
) -> None:
    stream = new_stream()
    markers = {"intake": stream.subject, "plan-tracker": "meeting/M-ack", "notifier": "mail/"}
    markers["statistics"] = "heartbeat/statistics"  # what it decides so far is for no topic
    relays = [installation.roles[f"{service}:relay"] for service in SERVICES]
    traps = [
        relay.bus.set(produced(markers[service].encode())) for service, relay in zip(SERVICES, relays, strict=True)
    ]
    before = await repeats(installation)
    await people.submit(stream, FIGURES)
    await people.call("M-ack", "2026-05-13T10:00:00+03:00")
    await all_sprung(traps)
    await all_killed_and_started(relays)
    await equality.holds()
    # Whoever did not hear the acknowledgement sends again: the same bytes, and nobody takes them for something new.
    after = await repeats(installation)
    assert all(after[topic] > before[topic] for topic in after), (before, after)


async def test_relays_between_the_acknowledgement_and_their_mark(installation, people, new_stream, equality) -> None:
    relays = [installation.roles[f"{service}:relay"] for service in SERVICES]
    await all_killed_and_started(relays)  # the statement's text travels once per connection
    marking = asked_any(b"insert into facts.relay_mark", b"update facts.relay_mark")
    traps = [relay.database.set(marking) for relay in relays]
    before = await repeats(installation)
    await people.submit(new_stream(), FIGURES)
    await people.call("M-mark", "2026-05-13T10:00:00+03:00")
    await people.record_history()
    await all_sprung(traps)
    await all_killed_and_started(relays)
    await equality.holds()
    after = await repeats(installation)
    assert all(after[topic] > before[topic] for topic in after), (before, after)


@pytest.mark.parametrize(("where", "member"), [(commit_asked, "tsb"), (commit_answered, "am")])
async def test_projections_around_their_commit(installation, people, equality, where, member) -> None:
    consumers = [installation.roles[f"{service}:consume"] for service in SERVICES]
    traps = [one.database.set(where(f"member/{member}".encode())) for one in consumers]
    await people.rename(member)
    await all_sprung(traps)
    await all_killed_and_started(consumers)
    await equality.holds()


async def test_projections_between_their_commit_and_that_of_the_offsets(installation, people, equality) -> None:
    consumers = [installation.roles[f"{service}:consume"] for service in SERVICES]
    applied = [one.database.watch(commit_answered(b"member/vp")) for one in consumers]
    traps = [one.bus.set(offsets_committed(seen.sprung.is_set)) for one, seen in zip(consumers, applied, strict=True)]
    await people.rename("vp")
    await all_sprung(traps)
    await all_killed_and_started(consumers)
    await equality.holds()


async def all_sprung(traps: Sequence[Trap]) -> None:
    await asyncio.gather(*(trap.sprung_within(30) for trap in traps))


async def all_killed_and_started(roles: Sequence[RoleProcess]) -> None:
    for role in roles:
        role.kill()
    await asyncio.gather(*(role.killed_and_started() for role in roles))


async def repeats(installation: Installation) -> dict[str, int]:
    """How many records stand once too often on the topics that a submission, a meeting and a mail bring forth."""
    found = {}
    for topic in ("nrem.submissions", "nrem.meetings", "nrem.reminders"):
        records = await read_all(installation.settings("intake"), topic)
        found[topic] = len(records) - len({record.value for record in records})
    return found
