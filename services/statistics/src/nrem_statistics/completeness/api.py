"""Completeness over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_statistics.answer import answered
from nrem_statistics.asking import AsKnownOn, instant_of, open_period, scope_of
from nrem_statistics.completeness.domain import PeriodCompleteness, completeness
from nrem_statistics.completeness.reading import read_streams

router = APIRouter(prefix="/api/periods", tags=["completeness"])


@router.get("/{period}/completeness", response_model=PeriodCompleteness, responses=problems(401, 403, 404))
async def period_completeness(request: Request, period: str, as_known_on: AsKnownOn = None) -> Response:
    """Who has reported for a period, as known on a date or an instant. A member sees its own line only."""
    member, instant = scope_of(request), instant_of(request, as_known_on)
    async with runtime_of(request).pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        row = await open_period(request, conn, period)
        streams = await read_streams(conn, row)
    shown = streams.of(member) if member else streams
    return answered(
        PeriodCompleteness(
            period=row.code,
            due=row.due,
            known_on=instant,
            scope="member" if member else "group",
            member=member,
            illustrative=row.illustrative or any(version.illustrative for version in shown.versions),
            submissions=completeness(shown, instant),
        )
    )
