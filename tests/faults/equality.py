"""Exact equality: what was acknowledged = what the journals say = what stands on the bus = what everybody knows."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import asyncpg

from faults.book import Book
from faults.installation import SERVICES, Installation
from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.contracts.topics import HEARTBEATS, TOPICS
from nrem_shared.runtime.relay import partition_of
from support.bus import read_all
from support.eventually import eventually

_SUBMISSION = "nrem.submission."
PARTITIONS = 4

WAITING = """
    select state, attempts, not_before, leased_until, cause from facts.mail where state in ('waiting', 'sending')
"""


class Equality:
    """Compares the platform with the book."""

    def __init__(self, installation: Installation, book: Book, in_order: bool = True) -> None:
        self._installation = installation
        self._book = book
        self._in_order = in_order  # not where Kafka lost records that were sent again

    async def holds(self, seconds: float = 60) -> None:
        """Wait until everything has arrived, then compare everything exactly. Raises AssertionError."""
        connections = {name: await self._installation.databases[name].connect(superuser=True) for name in SERVICES}
        try:
            await self._journals(connections)
            await self._arrived(connections, seconds)
            await self._told(connections["notifier"], seconds)
            await self._arrived(connections, seconds, at_rest=True)
            await self._bus(connections)
            await self._figures(connections["statistics"])
        finally:
            for connection in connections.values():
                await connection.close()

    async def _journals(self, connections: dict[str, asyncpg.Connection]) -> None:
        """Every acknowledged command stands in a journal once, and nothing else does."""
        rows = await connections["intake"].fetch(
            "select subject, revision, type, payload::json ->> 'version' as version"
            " from facts.journal join facts.journal_payload using (position) where subject like 'submission/%'"
        )
        kinds = [
            (row["subject"], row["revision"], row["type"].split(".")[2], int(row["version"]))
            for row in sorted(rows, key=lambda row: (row["subject"], row["revision"]))
        ]
        same("intake's journal", kinds, self._book.submissions)
        for service, connection in connections.items():
            # In one statement: the notifier may still be recording what became of its mails.
            stands = await connection.fetchrow(
                "select (select count(*) from facts.journal) as n, (select max(position) from facts.journal) as last,"
                " (select position from facts.journal_head) as head"
            )
            same(f"positions of {service}", [stands["n"], stands["last"] or 0], [stands["head"]] * 2)
        meetings = await connections["plan-tracker"].fetch(
            "select subject, count(*) as n from facts.journal where subject like 'meeting/%' group by subject"
        )
        expected = {f"meeting/{one.code}": one.moves + 1 for one in self._book.meetings.values()}
        same("meetings", {row["subject"]: row["n"] for row in meetings}, expected)

    async def _arrived(self, connections: dict[str, asyncpg.Connection], seconds: float, at_rest: bool = False) -> None:
        """Everything in the journals is on the bus, and known to whoever follows it; nothing else is, once `at_rest`.

        Until everybody is told, the notifier goes on recording what becomes of its mails.
        """
        for service in SERVICES:
            await self._relayed(connections[service], service, seconds)
        for service in SERVICES:
            await self._known(connections, service, seconds, at_rest)

    async def _relayed(self, connection: asyncpg.Connection, service: str, seconds: float) -> None:
        """The relay has marked the head."""

        async def sent() -> bool:
            mark = await connection.fetchval("select position from facts.relay_mark where topic = ''")
            head = await connection.fetchval("select position from facts.journal_head")
            assert (mark or 0) >= head, f"{service} relayed {mark} of {head}: {self._installation.tails(service)}"
            return True

        await eventually(sent, seconds=seconds, every=0.1)

    async def _known(
        self, connections: dict[str, asyncpg.Connection], service: str, seconds: float, at_rest: bool
    ) -> None:
        """Of every stream this service follows it knows the newest revision; nothing is missing or not understood."""
        wanted = await newest_revisions(connections, BLUEPRINTS[service][0].topics)
        connection = connections[service]

        async def knows() -> bool:
            rows = await connection.fetch("select subject, revision from projection.stream")
            found = {row["subject"]: row["revision"] for row in rows}
            lacking = {key: at for key, at in wanted.items() if found.get(key, 0) < at}
            assert not lacking, f"{service} lacks {lacking}: {self._installation.tails(service)}"
            if at_rest:
                same(f"streams that {service} knows", found, wanted)
            return True

        await eventually(knows, seconds=seconds, every=0.1)
        same(f"gaps of {service}", [tuple(row) for row in await connection.fetch("select * from projection.gap")], [])
        letters = await connection.fetch(
            "select topic, partition, record_offset from projection.dead_letter where resolved_at is null"
        )
        mine = self._book.letters_known_to(BLUEPRINTS[service][0].topics)
        same(f"dead letters of {service}", sorted(tuple(row) for row in letters), sorted(mine))

    async def _bus(self, connections: dict[str, asyncpg.Connection]) -> None:
        """Each topic-partition holds the journal's rows in order; repeats are the same bytes."""
        for topic in TOPICS.values():
            if topic.name == HEARTBEATS or topic.compacted:
                continue
            expected: dict[int, list[int]] = defaultdict(list)
            for connection in connections.values():
                rows = await connection.fetch("select position, subject, type from facts.journal order by position")
                for row in rows:
                    if EVENT_TYPES[row["type"]].topic == topic.name:
                        expected[partition_of(row["subject"].encode(), PARTITIONS)].append(row["position"])
            found: dict[int, dict[int, bytes]] = defaultdict(dict)
            for record in await read_all(self._installation.settings("intake"), topic.name):
                value = _envelope(record.value)
                if value is not None:
                    known = found[record.partition].setdefault(value["position"], record.value)
                    assert known == record.value, f"{topic.name}: two records at position {value['position']} differ"
            arrange = list if self._in_order else sorted
            same(topic.name, {p: arrange(those) for p, those in found.items()}, dict(expected))

    async def _figures(self, connection: asyncpg.Connection) -> None:
        """Statistics holds exactly the figures of every version, and every decision."""
        rows = await connection.fetch(
            "select period, member, version, dimensions ->> 'destination' as destination, value"
            " from projection.observation"
        )
        same("figures", sorted(tuple(row) for row in rows), self._book.observations)
        rows = await connection.fetch("select period, member, version, outcome from projection.submission_decision")
        same("decisions", sorted(tuple(row) for row in rows), self._book.decisions)

    async def _told(self, connection: asyncpg.Connection, seconds: float) -> None:
        """Each step is told once, by a mail that left with exactly the bytes that were kept."""
        must, may = self._book.told, self._book.perhaps_told

        async def told() -> bool:
            rows = await connection.fetch(
                "select obligation from facts.ledger where split_part(obligation, '/', 1) = any($1)",
                ["RECEIPT", "ACCEPTANCE", "RESUBMIT"],
            )
            found = [row["obligation"] for row in rows]
            same("told once", sorted(found), sorted(set(found)))
            assert must <= set(found), f"not told: {sorted(must - set(found))}: {self._installation.tails('notifier')}"
            assert set(found) <= must | may, f"told for nothing: {sorted(set(found) - must - may)}"
            waiting = await connection.fetch(WAITING)
            held = await connection.fetch("select reason, detail, began_at from facts.hold where ended_at is null")
            why = f"first {waiting[:1]}, held {held}"
            assert not waiting, f"{len(waiting)} mails have not left: {why}: {self._installation.tails('notifier')}"
            return True

        await eventually(told, seconds=seconds, every=0.1)
        kept = await connection.fetch("select message_id, content, state, handed_over from facts.mail")
        mails = [row for row in kept if row["state"] != "superseded"]
        same("mails that did not leave", [row["message_id"] for row in mails if row["state"] != "sent"], [])
        taken = self._installation.mail.taken
        # Of a sender that was killed, a server may have a mail of which nothing was owed when its turn came again.
        perhaps = {row["message_id"] for row in kept if row["state"] == "superseded" and row["handed_over"]}
        same("mails", set(taken) - perhaps, {row["message_id"] for row in mails})
        for row in mails:
            same(row["message_id"], {_sent(one) for one in taken[row["message_id"]]}, {_sent(row["content"])})


def same(what: str, found: Any, expected: Any) -> None:
    """Raises AssertionError that says what differs, also outside pytest."""
    if found == expected:
        return
    if isinstance(found, dict):
        found, expected = list(found.items()), list(expected.items())
    lacking = [one for one in expected if one not in found][:5]
    more = [one for one in found if one not in expected][:5]
    raise AssertionError(f"{what}: lacking {lacking}, not expected {more}, {len(found)} for {len(expected)}")


def _envelope(value: bytes | None) -> dict[str, Any] | None:
    """A record of ours that stands in a journal; null for anything else."""
    try:
        found = json.loads(value or b"")
        return found if EVENT_TYPES.get(found["type"]) and found["position"] > 0 else None
    except (ValueError, KeyError, TypeError):
        return None


def _sent(content: bytes) -> bytes:
    """As it arrives: the end of DATA brings one end of line of its own."""
    return content.rstrip(b"\r\n")


async def newest_revisions(connections: dict[str, asyncpg.Connection], topics: frozenset[str]) -> dict[str, int]:
    """Stream → newest revision in the journals, of every stream on these topics."""
    newest: dict[str, int] = {}
    for connection in connections.values():
        rows = await connection.fetch(
            "select subject, type, max(revision) as revision from facts.journal group by 1, 2"
        )
        for row in rows:
            if EVENT_TYPES[row["type"]].topic in topics:
                newest[row["subject"]] = max(row["revision"], newest.get(row["subject"], 0))
    return newest
