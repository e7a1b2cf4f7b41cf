"""The limit of a query: sums that were made beforehand, one row a figure."""

from __future__ import annotations

import random
import time
from typing import Any

import asyncpg

from bench import submissions
from bench.load import quantile

TABLE = """
create table if not exists aggregated as
select o.period, o.indicator, o.dimension_key, sum(o.value) as value, count(*) as members
  from projection.observation o
  join (select period, member, max(version) as version from projection.submission_decision
         where outcome = 'accepted' group by period, member) as counted using (period, member, version)
 group by o.period, o.indicator, o.dimension_key
"""


async def prepare(database: str) -> None:
    conn = await asyncpg.connect(database)
    await conn.execute(TABLE)
    await conn.execute("create index on aggregated (period)")
    await conn.close()


async def ask(database: str, quarters: int, count: int) -> dict[str, Any]:
    """Milliseconds of one SELECT of a random quarter."""
    conn, pick, codes = await asyncpg.connect(database), random.Random(1), submissions.quarters(quarters)
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        rows = await conn.fetch("select * from aggregated where period = $1", pick.choice(codes))
        taken.append((time.perf_counter() - began) * 1000)
        if not rows:
            raise AssertionError("a quarter without figures")
    await conn.close()
    return {"p50": quantile(taken, 0.5), "p95": quantile(taken, 0.95)}
