"""Relay: rows of the journal on Kafka, acknowledged by all replicas and marked."""

from __future__ import annotations

from bench import journalled
from bench.installation import Installation
from bench.measuring import Case, Outcome, Row, Target
from bench.peers.bus import count_records
from bench.processes import Meter, call

TOPIC = "nrem.submissions"


async def row(here: Installation) -> Row:
    count = here.size(1_000, 30_000)
    template = await journalled.journal_of(here, count)

    async def ours() -> Outcome:
        databases, prefix = await here.clone("intake", template), await here.topics()
        await here.settle()
        meter = Meter({"runner": _own_pid(), **here.processes})
        said = await call("bench.journalled:relay", {"count": count}, here.values("intake", databases, prefix))
        cores = meter.stop()
        cores["relay process"] = cores.pop("runner")
        await here.drop(databases)
        return await _checked(here, prefix, count, said["seconds"], cores)

    async def limit(pipelined: bool) -> Outcome:
        databases, prefix = await here.clone("intake", template), await here.topics()
        arguments = {
            "database": databases.app, "kafka": here.kafka.bootstrap, "topic": prefix + TOPIC, "count": count,
            "pipelined": pipelined,
        }  # fmt: skip
        await here.settle()
        said = await call("bench.peers.bus:produce", arguments)
        await here.drop(databases)
        return await _checked(here, prefix, said["count"], said["seconds"], {})

    return Row(
        name="relay",
        title="Relay: journal → Kafka, acknowledged, marked",
        unit="events/s",
        size=f"{count:,} events",
        cases=[
            Case("NREM relay", "ours", ours),
            Case("aiokafka pipelined, values from memory", "limit", lambda: limit(True)),
            Case("aiokafka, one at a time", "peer", lambda: limit(False)),
        ],
        targets=[
            Target(
                "against aiokafka pipelined",
                0.4,
                lambda r: r.ratio("NREM relay", "aiokafka pipelined, values from memory"),
            )
        ],
        notes=["The limit sends ready-made values; ours reads the journal, makes the envelopes, and marks each page."],
    )


def _own_pid() -> int:
    import os

    return os.getpid()


async def _checked(here: Installation, prefix: str, count: int, seconds: float, cores: dict[str, float]) -> Outcome:
    """Every record is there once, in order."""
    found = await count_records(here.kafka.bootstrap, prefix + TOPIC)
    if found != count:
        raise AssertionError(f"{count} events, {found} records")
    return Outcome(count / seconds, {}, cores)
