"""Queries: a quarter's figures among millions of observations, now and as known on a past date."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bench.installation import Installation
from bench.measuring import Case, Outcome, Results, Row, Target
from bench.processes import Meter, call, serving
from bench.querying import KNOWN_ON, PER_SUBMISSION
from bench.rows.intake import issuer
from bench.submissions import MEMBERS

CURRENT, KNOWN = "a quarter's figures", "the same as known on a past date"
PATHS = {
    CURRENT: "/api/quarters/{period}",
    KNOWN: "/api/quarters/{period}?as_known_on=" + KNOWN_ON,
    "who has reported": "/api/periods/{period}/completeness",
}


async def row(here: Installation) -> Row:
    quarters, asked = here.size(20, 1_500, 12_700), here.size(40, 400)
    signing = issuer(here)
    databases = await here.clone("statistics")
    environment = here.values("statistics", databases, "none.")
    arguments = {"quarters": quarters, "jwk": signing.public_jwk, "kid": signing.kid}
    held = await call("bench.querying:fill", arguments, environment)
    await call("bench.peers.aggregated:prepare", {"database": databases.owner})
    await here.settle()

    def ours(path: str) -> Callable[[], Awaitable[Outcome]]:
        async def case() -> Outcome:
            token = signing.issue(
                subject="key:coordinator", roles=frozenset({"coordinator"}), member="iem", display="coordinator"
            )
            wanted = {"path": path, "quarters": quarters, "count": asked, "token": token}
            roles = {"name": "statistics", "roles": ["api"]}
            async with serving("bench.services:service", roles, environment) as service:
                meter = Meter({"statistics": service.pid, **here.processes})
                said = await call(
                    "bench.load:load",
                    {
                        "port": service.told["port"], "requests": "bench.querying:requests", "arguments": wanted,
                        "connections": 1, "seconds": 30, "warm_up": here.size(0, 1) / 2,
                    },
                )  # fmt: skip
                cores = meter.stop(said["began"], said["ended"])
            if set(said["statuses"]) != {"200"}:
                raise AssertionError(f"answers by status: {said['statuses']}")
            return Outcome(said["p95"], {"p50 ms": said["p50"], "p99 ms": said["p99"]}, cores)

        return case

    async def limit() -> Outcome:
        said = await call(
            "bench.peers.aggregated:ask", {"database": databases.owner, "quarters": quarters, "count": asked}
        )
        return Outcome(said["p95"], {"p50 ms": said["p50"]})

    return Row(
        name="queries",
        title="Queries over HTTP (p95)",
        unit="ms",
        less_is_better=True,
        size=f"{held:,} observations, {quarters:,} quarters of {MEMBERS * PER_SUBMISSION} figures, one reader",
        cases=[
            *(Case(name, "ours", ours(path)) for name, path in PATHS.items()),
            Case("SELECT of sums made beforehand", "limit", limit),
        ],
        targets=[
            *(
                Target(f"p95, {name}", 20, partial(Results.middle, case=name), at_most=True, unit="ms")
                for name in PATHS
            ),
            Target("as known on a past date against current", 1.5, lambda r: r.ratio(KNOWN, CURRENT), at_most=True),
        ],
        notes=[
            "Each answer is compiled from the observations of the versions that count; nothing is aggregated before."
        ],
    )
