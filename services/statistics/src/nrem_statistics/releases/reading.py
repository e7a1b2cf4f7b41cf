"""A quarter as it would be released now, read in one snapshot."""

from __future__ import annotations

from fastapi import Request

from nrem_shared.contracts.topics import PERIODS, REFERENCE, SUBMISSIONS
from nrem_shared.runtime.database import Connection
from nrem_shared.runtime.projection import store as projection
from nrem_shared.runtime.reading import age_seconds
from nrem_shared.runtime.requests import runtime_of
from nrem_statistics.asking import open_period
from nrem_statistics.parts import metrics_of, small_cell_threshold
from nrem_statistics.quarters.domain import compile_quarter
from nrem_statistics.quarters.reading import read_quarter, read_reference
from nrem_statistics.releases import store
from nrem_statistics.releases.domain import Draft, Inputs, draft

#: The topics that figures are made of.
INPUTS = (PERIODS, REFERENCE, SUBMISSIONS)


async def read_draft(request: Request, period: str) -> Draft:
    """What a release would freeze, and what stands in its way. Raises the 404 problem for a period that never opened.

    Read before the release is written: what is journalled is exactly what one snapshot held.
    """
    runtime = runtime_of(request)
    now = runtime.clock.now()
    async with runtime.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        row = await open_period(request, conn, period)
        reference = await read_reference(conn, now)
        rows = await read_quarter(conn, row, now, reference)
        inputs = await _inputs(conn, period, runtime.settings.fresh_seconds)
    with metrics_of(request).compile_seconds.time():
        quarter = compile_quarter(rows, now, small_cell_threshold(request))
    return draft(quarter, reference, inputs)


async def _inputs(conn: Connection, period: str, limit: float) -> Inputs:
    fresh = await projection.freshness(conn)
    return Inputs(
        letters=await store.topics_not_understood(conn, INPUTS, period),
        gaps=await store.topics_with_gaps(conn, INPUTS),
        stale=[topic for topic in INPUTS if age_seconds(fresh.get(topic)) > limit],
        behind=await projection.behind(conn, INPUTS),
        manifest=await store.closing_manifest(conn, period),
    )
