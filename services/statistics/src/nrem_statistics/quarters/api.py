"""The quarter over HTTP."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response

from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_statistics.answer import answered
from nrem_statistics.asking import AsKnownOn, instant_of, open_period, scope_of
from nrem_statistics.parts import metrics_of, small_cell_threshold
from nrem_statistics.quarters.domain import Quarter, QuarterRows, compile_quarter
from nrem_statistics.quarters.reading import read_quarter, read_reference
from nrem_statistics.releases import store as releases
from nrem_statistics.releases.domain import marked
from nrem_statistics.releases.store import ReleaseRow

router = APIRouter(prefix="/api/quarters", tags=["quarters"])


@router.get("/{period}", response_model=Quarter, responses=problems(401, 403, 404))
async def quarter(request: Request, period: str, as_known_on: AsKnownOn = None) -> Response:
    """Every figure of a quarter, as known on a date or an instant.

    The coordinator gets the group's figures, a member its own in the same shape. Figures are provisional unless the
    newest release by then says the same; the group's figures as they were released are under `releases`.
    """
    instant = instant_of(request, as_known_on)
    member = scope_of(request)
    return answered(compiled(request, *await rows_of_quarter(request, period, instant), instant, member))


async def rows_of_quarter(request: Request, period: str, instant: datetime) -> tuple[QuarterRows, ReleaseRow | None]:
    """What is held about a period, and its newest release by then; raises the 404 problem for one that never opened."""
    async with runtime_of(request).pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        row = await open_period(request, conn, period)
        rows = await read_quarter(conn, row, instant, await read_reference(conn, instant))
        return rows, next(iter(await releases.releases_of(conn, period, instant)), None)


def compiled(
    request: Request, rows: QuarterRows, release: ReleaseRow | None, instant: datetime, member: str | None
) -> Quarter:
    """The quarter for this reader, marked with its release; the time it takes is measured."""
    with metrics_of(request).compile_seconds.time():
        quarter = compile_quarter(rows, instant, small_cell_threshold(request), member)
    return marked(quarter, release.released_at, release.document) if release else quarter
