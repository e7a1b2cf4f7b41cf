"""The quarter over HTTP."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request

from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_statistics.asking import AsKnownOn, instant_of, open_period, scope_of
from nrem_statistics.parts import metrics_of, small_cell_threshold
from nrem_statistics.quarters.domain import Quarter, QuarterRows, compile_quarter
from nrem_statistics.quarters.reading import read_quarter, read_reference

router = APIRouter(prefix="/api/quarters", tags=["quarters"])


@router.get("/{period}", responses=problems(401, 403, 404))
async def quarter(request: Request, period: str, as_known_on: AsKnownOn = None) -> Quarter:
    """Every figure of a quarter, as known on a date or an instant.

    The coordinator gets the group's figures, a member its own in the same shape. Figures are provisional: no release
    has frozen them.
    """
    instant = instant_of(request, as_known_on)
    member = scope_of(request)
    return compiled(request, await rows_of_quarter(request, period, instant), instant, member)


async def rows_of_quarter(request: Request, period: str, instant: datetime) -> QuarterRows:
    """What is held about a period; raises the 404 problem for one that never opened."""
    async with runtime_of(request).pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        row = await open_period(request, conn, period)
        return await read_quarter(conn, row, instant, await read_reference(conn, instant))


def compiled(request: Request, rows: QuarterRows, instant: datetime, member: str | None) -> Quarter:
    """The quarter for this reader; the time it takes is measured."""
    with metrics_of(request).compile_seconds.time():
        return compile_quarter(rows, instant, small_cell_threshold(request), member)
