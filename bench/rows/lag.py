"""Lag: from intake's reply to the row in the statistics projection, at 20 submissions a second."""

from __future__ import annotations

from contextlib import AsyncExitStack

from bench import submissions
from bench.installation import Installation
from bench.lagging import PER_SECOND
from bench.measuring import Case, Outcome, Row, Target
from bench.processes import Meter, call, serving
from bench.rows.intake import issuer, prepared

WARM_UP = 60  # submissions; the first seconds of a consumer group are not its daily life


async def row(here: Installation) -> Row:
    count = here.size(120, 240)
    template = await prepared(here, here.size(1_200, 30_000))

    async def ours() -> Outcome:
        async with AsyncExitStack() as stack:
            intake_db, own_db = await here.clone("intake", template), await here.clone("statistics")
            topics = await here.topics()
            intake = await stack.enter_async_context(
                serving(
                    "bench.services:service",
                    {"name": "intake", "roles": ["api", "relay"]},
                    here.values("intake", intake_db, topics),
                )
            )
            statistics = await stack.enter_async_context(
                serving(
                    "bench.services:service",
                    {"name": "statistics", "roles": ["consume"]},
                    here.values("statistics", own_db, topics),
                )
            )
            meter = Meter({"intake": intake.pid, "statistics": statistics.pid, **here.processes})
            said = await call(
                "bench.lagging:follow",
                {
                    "port": intake.told["port"], "database": own_db.app, "visible": "bench.lagging:reached",
                    "count": count, "bearer": submissions.tokens(issuer(here)), "warm_up": WARM_UP,
                },
            )  # fmt: skip
            cores = meter.stop()
        await here.drop(intake_db)
        await here.drop(own_db)
        return Outcome(said["p50"], {"p95 ms": said["p95"], "p99 ms": said["p99"]}, cores)

    async def by_hand(poll: float) -> Outcome:
        databases, topics = await here.clone("intake"), await here.topics()
        arguments = {
            "database": databases.owner, "kafka": here.kafka.bootstrap, "topic": topics + "nrem.submissions",
            "poll": poll,
        }  # fmt: skip
        async with serving("bench.peers.outbox:outbox", arguments) as peer:
            said = await call(
                "bench.lagging:follow",
                {
                    "port": peer.told["port"], "database": databases.owner, "visible": "bench.peers.outbox:seen",
                    "count": count, "bearer": dict.fromkeys(submissions.members(), "-"), "warm_up": WARM_UP,
                },
            )  # fmt: skip
        await here.drop(databases)
        return Outcome(said["p50"], {"p95 ms": said["p95"], "p99 ms": said["p99"]})

    return Row(
        name="lag",
        title="Lag: reply of intake → visible in statistics (p50)",
        unit="ms",
        less_is_better=True,
        size=f"{count} submissions at {PER_SECOND}/s, at random moments",
        cases=[
            Case("NREM", "ours", ours),
            Case("outbox by hand, woken", "limit", lambda: by_hand(0)),
            Case("outbox by hand, polling every 50 ms", "peer", lambda: by_hand(0.05)),
        ],
        targets=[
            Target("p50", 8, lambda r: r.middle("NREM"), at_most=True, unit="ms"),
            Target("p99", 30, lambda r: r.middle("NREM", "p99 ms"), at_most=True, unit="ms"),
        ],
    )
