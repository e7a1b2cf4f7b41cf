"""Projection: events from Kafka to the end table of the statistics service, one process."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg
from pydantic_core import from_json

from bench import journalled
from bench.comparing import observations
from bench.installation import Installation
from bench.measuring import Case, Outcome, Row, Target
from bench.processes import ROOT, Meter, call, call_script
from nrem_embedded.platform.state import Databases

TOPIC = "nrem.submissions"
PEERS = Path(os.environ.get("NREM_BENCH_PEERS", ROOT / ".venv-bench" / "bin" / "python"))
NAIVE, SOURCED = 1_500, 1_000  # events: enough for what takes more than a millisecond each


async def row(here: Installation) -> Row:
    count = here.size(1_000, 30_000)
    work = _Work(here, count, await journalled.journal_of(here, count), await journalled.topic_of(here, count))
    cases = [
        Case("NREM statistics", "ours", work.ours),
        Case("rows from memory by unnest", "limit", work.unnest),
        Case("FastStream tuned: batches, unnest", "peer", work.faststream("tuned", count)),
        Case("FastStream naive", "peer", work.faststream("naive", min(count, NAIVE)), runs=1),
    ]
    notes = [
        "The others keep observations and Kafka's offsets only. Ours also keeps versions, streams and its place in the "
        "same transaction, checks every contract, and finds duplicates and gaps."
    ]
    if _peers_installed():
        cases += [
            Case("QuixStreams with its PostgreSQL sink", "peer", work.quix),
            Case("eventsourcing", "peer", work.eventsourcing, runs=1),
        ]
    else:
        notes.append("QuixStreams and eventsourcing were not measured: their packages were not there.")
    ours = "NREM statistics"
    return Row(
        name="projection",
        title="Projection: Kafka → observations by version",
        unit="events/s",
        size=f"{count:,} events of three observations (naive {NAIVE:,}, eventsourcing {SOURCED:,})",
        cases=cases,
        targets=[
            Target("against rows from memory by unnest", 0.5, lambda r: r.ratio(ours, "rows from memory by unnest")),
            Target("against QuixStreams", 2, lambda r: r.ratio(ours, "QuixStreams with its PostgreSQL sink")),
            Target("against naive FastStream", 30, lambda r: r.ratio(ours, "FastStream naive")),
        ],
        notes=notes,
    )


def _peers_installed() -> bool:
    return PEERS.exists()


class _Work:
    """The cases; each on a database of its own, compared at its end."""

    def __init__(self, here: Installation, count: int, journal: str, topic: str) -> None:
        self._here, self._count, self._journal, self._topic = here, count, journal, topic
        self._expected: dict[int, str] = {}

    async def ours(self) -> Outcome:
        async def run(databases: Databases) -> Any:
            environment = self._here.values("statistics", databases, self._topic)
            return await call("bench.projecting:project", {"count": self._count}, environment)

        return await self._measured(self._count, run)

    async def unnest(self) -> Outcome:
        source = await self._here.clone("intake", self._journal)

        async def run(databases: Databases) -> Any:
            arguments = {"source": source.app, "database": databases.owner, "count": self._count}
            return await call("bench.peers.unnest:write", arguments)

        outcome = await self._measured(self._count, run)
        await self._here.drop(source)
        return outcome

    def faststream(self, how: str, count: int) -> Callable[[], Awaitable[Outcome]]:
        async def case() -> Outcome:
            topic = self._topic if count == self._count else await journalled.topic_of(self._here, count)

            async def run(databases: Databases) -> Any:
                arguments = {
                    "kafka": self._here.kafka.bootstrap, "topic": topic + TOPIC, "database": databases.owner,
                    "group": self._here.next_name("group"), "count": count,
                }  # fmt: skip
                return await call(f"bench.peers.faststream_projection:{how}", arguments)

            return await self._measured(count, run)

        return case

    async def quix(self) -> Outcome:
        async def run(databases: Databases) -> Any:
            arguments = {
                **_place(databases), "kafka": self._here.kafka.bootstrap, "topic": self._topic + TOPIC,
                "group": self._here.next_name("group"), "count": self._count,
            }  # fmt: skip
            return await call_script(PEERS, ROOT / "bench/peers/quix_projection.py", arguments)

        return await self._measured(self._count, run)

    async def eventsourcing(self) -> Outcome:
        count = min(self._count, SOURCED)
        source = await self._here.clone("intake", self._journal)
        conn = await asyncpg.connect(source.app)
        rows = await conn.fetch("select payload from facts.journal_payload order by position limit $1", count)
        await conn.close()
        events = [from_json(row["payload"]) for row in rows]

        async def run(databases: Databases) -> Any:
            arguments = {**_place(databases), "events": events}
            return await call_script(PEERS, ROOT / "bench/peers/eventsourcing_projection.py", arguments)

        outcome = await self._measured(count, run)
        await self._here.drop(source)
        return outcome

    async def _measured(self, count: int, run: Callable[[Databases], Awaitable[Any]]) -> Outcome:
        databases = await self._here.clone("statistics")
        await self._here.settle()
        meter = Meter({"projection process": os.getpid(), **self._here.processes})
        said = await run(databases)
        cores = meter.stop()
        found = await observations(databases.owner)
        if self._expected.setdefault(count, found) != found:
            raise AssertionError(f"the end tables differ: {self._expected[count]} and {found}")
        await self._here.drop(databases)
        return Outcome(count / said["seconds"], {}, cores)


def _place(databases: Databases) -> dict[str, Any]:
    parts = urlsplit(databases.owner)
    return {
        "host": parts.hostname, "port": parts.port, "database": parts.path[1:], "user": parts.username,
        "password": unquote(parts.password or ""),
    }  # fmt: skip
