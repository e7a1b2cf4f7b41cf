"""The page of one quarter: figures, completeness, what changed since it was first accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.known_on import NotAnInstant, known_on
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import forward, language_of, page, translator_of
from nrem_statistics.asking import AsKnownOn, no_such_period, scope_of
from nrem_statistics.completeness.domain import MemberCompleteness
from nrem_statistics.labels import Labels
from nrem_statistics.quarters.api import compiled
from nrem_statistics.quarters.domain import Quarter, QuarterRows
from nrem_statistics.quarters.reading import read_quarter, read_reference
from nrem_statistics.quarters.tables import QuarterTables
from nrem_statistics.releases import store as releases
from nrem_statistics.releases.store import ReleaseRow
from nrem_statistics.sources import store as sources
from nrem_statistics.sources.store import PeriodRow

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

#: State of a member → list and code of its tag.
TAGS = {
    "accepted": ("completeness", "accepted"),
    "submitted": ("completeness", "received"),
    "returned": ("completeness", "returned"),
    "withdrawn": ("submission", "withdrawn"),
    "not_understood": ("completeness", "not_understood"),
    "missing": ("completeness", "missing"),
}


@dataclass(frozen=True)
class Held:
    """What the page shows, read in one snapshot."""

    periods: list[PeriodRow]
    rows: QuarterRows
    release: ReleaseRow | None
    labels: Labels


@router.get("/")
async def latest(request: Request) -> RedirectResponse:
    """To the latest quarter; for those who may not see quarters, and before the first one, to the years."""
    principal, root = request.state.principal, request.scope.get("root_path", "")
    if principal is not None and principal.has("coordinator", "secretariat", "member"):
        async with runtime_of(request).pool.acquire() as conn:
            periods = await sources.periods(conn)
        if periods:
            return forward(request, f"{root}/quarters/{periods[0].code}")
    return forward(request, f"{root}/years")


@router.get("/quarters/{period}", response_class=HTMLResponse)
async def quarter_page(request: Request, period: str, as_known_on: AsKnownOn = None) -> HTMLResponse:
    """The figures of a quarter as known on a day; a wrong day is named beside the present figures."""
    now = runtime_of(request).clock.now()
    errors: list[FieldError] = []
    try:
        instant = known_on(as_known_on, now)
    except NotAnInstant as error:
        instant, errors = now, [FieldError("as_known_on", f"refusal.{error.code}")]
    held = await _held(request, period, instant)
    quarter = compiled(request, held.rows, held.release, instant, scope_of(request))
    return page(
        request,
        "statistics/quarter.html",
        title="quarter.title",
        title_values={"year": period[:4], "quarter": period[-1]},
        status=422 if errors else 200,
        errors=errors,
        provisional=quarter.provisional,
        quarter=quarter,
        tables=_tables(request, quarter, held.labels),
        labels=held.labels,
        periods=[one.code for one in held.periods],
        root=request.scope.get("root_path", ""),
        members=[_line(one) for one in quarter.submissions.members],
        asked=local_date(instant) if as_known_on and not errors else None,
        today=local_date(now),
        may_release=current_principal(request).has("coordinator"),
    )


async def _held(request: Request, period: str, instant: datetime) -> Held:
    async with runtime_of(request).pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        periods = await sources.periods(conn)
        row = next((one for one in periods if one.code == period), None)
        if row is None:
            raise no_such_period(request, period)
        reference = await read_reference(conn, instant)
        rows = await read_quarter(conn, row, instant, reference)
        release = next(iter(await releases.releases_of(conn, period, instant)), None)
        return Held(periods, rows, release, Labels(reference, await sources.institutions(conn)))


def _tables(request: Request, quarter: Quarter, labels: Labels) -> QuarterTables:
    formats = request.app.state.site.templates.formats(language_of(request))
    return QuarterTables(quarter, labels, translator_of(request), formats)


def _line(member: MemberCompleteness) -> dict[str, object]:
    """One member's line: the tag of its state, and the tags of what else is to be known."""
    also = [
        ("completeness", code)
        for code, holds in (
            ("late", member.late),
            ("nothing_to_report", member.nothing_to_report),
            ("corrected", member.corrected),
            ("not_understood", member.not_understood and member.state != "not_understood"),
        )
        if holds
    ]
    return {"state": member, "tag": TAGS[member.state], "also": also}
