"""Pages of submissions: what is due and how it stands, one submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from nrem_intake.discussions import store as discussions_store
from nrem_intake.discussions.domain import by_item
from nrem_intake.extensions import store as extensions_store
from nrem_intake.periods import store as periods_store
from nrem_intake.reporting import correction_store
from nrem_intake.reporting.access import access_of
from nrem_intake.submissions import behalf_store, store
from nrem_intake.submissions.asking import Member, Period
from nrem_intake.submissions.authorship import not_found, own_or_404
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.coalition_store import overlaps
from nrem_intake.submissions.domain.catalogue import last_day
from nrem_intake.submissions.domain.content_view import changes_of, general_reasons, sections_of
from nrem_intake.submissions.domain.item_keys import keys_of
from nrem_intake.submissions.domain.labels import Labels, both
from nrem_intake.submissions.page_actions import router as actions_router
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.submissions import ReasonForReturn, SubmissionContent
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

if TYPE_CHECKING:
    import asyncpg

    from nrem_intake.submissions.domain.labels import Text
    from nrem_intake.submissions.domain.stream import Version
    from nrem_shared.runtime.identity.principal import Principal

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])
router.include_router(actions_router)

_PATH = "/periods/{period}/submissions/{member}"


@dataclass(frozen=True, slots=True)
class Line:
    """One submission in a list; `tag` is list and code of its state."""

    period: str
    member: str
    name: Text
    href: str
    tag: tuple[str, str]
    due: date
    late: bool
    illustrative: bool
    reasons: tuple[Text, ...] = ()
    on_behalf: bool = False


@router.get("/")
async def overview(request: Request, period: Annotated[str | None, Query(max_length=10)] = None) -> HTMLResponse:
    """A member's periods and submissions; for the coordinator those of all members in one period."""
    principal = current_principal(request)
    sees_all = principal.has("coordinator", "secretariat")
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        periods = await periods_store.periods(conn)
        chosen = [p for p in periods if p["code"] == period] or list(periods[:1])
        shown = chosen if sees_all else [p for p in periods if principal.member in p["owes"]]
        rows = await store.listed(conn, chosen[0]["code"] if sees_all and chosen else None, _scope(principal), None)
        labels = await _labels(request, conn, shown)
        extended = await extensions_store.extensions(conn, None, _scope(principal))
        asked = set() if sees_all else await discussions_store.unanswered(conn, principal.member or "")
    today = local_date(runtime.clock.now())
    found = {(row["period"], row["member"]): row for row in rows}
    longer = {(one.period, one.member): one.given.until for one in extended if one.given}
    members = [(p, m) for p in shown for m in p["owes"] if sees_all or m == principal.member]
    lines = [
        _line(request, p, m, found.get((p["code"], m)), longer.get((p["code"], m)), labels, today) for p, m in members
    ]
    return page(
        request,
        "intake/overview.html",
        title="overview.title_all" if sees_all else "overview.title",
        lines=lines,
        asked=asked,
        periods=[p["code"] for p in periods],
        chosen=chosen[0]["code"] if chosen else None,
        sees_all=sees_all,
        root=request.scope.get("root_path", ""),
        waiting=sum(1 for row in rows if row["pending_version"]),
    )


@router.get(_PATH)
async def show(
    request: Request, period: Period, member: Member, version: Annotated[int | None, Query(ge=1, le=10_000)] = None
) -> HTMLResponse:
    """One submission: the version asked for (else the newest) as tables, reasons, and how all versions came about."""
    own_or_404(request, member)
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        known = await load_streams(conn, catalogues_of(runtime), [(period, member)], contents=True)
        extension = await extensions_store.extension(conn, period, member)
        closed = await extensions_store.is_closed(conn, period)
        remarks = await discussions_store.remarks(conn, period, member)
        overlapping = await overlaps(conn, period) if current_principal(request).has("coordinator") else []
        correction = await correction_store.correction_draft(conn, period, member)
        same = await behalf_store.decided_by_enterer(conn, period, member)
    found = known.get((period, member))
    if found is None or not found.owed:
        raise not_found(request)
    stream, labels = found.stream, found.in_force.labels
    wanted = [v for v in stream.versions if version in (None, v.number)]
    if version is not None and not wanted:
        raise not_found(request)
    chosen = wanted[-1] if wanted else None
    content = (chosen.content if chosen else None) or SubmissionContent()
    principal = current_principal(request)
    return page(
        request,
        "intake/submission.html",
        title="submission.title",
        title_values={"member": labels.abbreviation(member), "period": period},
        stream=stream,
        chosen=chosen,
        name=labels.member(member),
        sections=sections_of(content, labels, chosen.reasons if chosen else ()),
        general=general_reasons(content, [one for one in chosen.reasons if one.figure is None] if chosen else ()),
        returned_figures={one.figure: both(one.text) for one in chosen.reasons if one.figure is not None}
        if chosen
        else {},
        changes=changes_of(chosen.corrected_figures, labels) if chosen else (),
        threads=by_item(remarks),
        keys=keys_of(content),
        course=_course(stream.versions),
        path=f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}",
        own=principal.has("member") and principal.member == member,
        access=access_of(principal, member),
        labels=labels,
        overlaps=[one for one in overlapping if one.concerns(period, member)],
        decided_by_enterer=same,
        correction_awaits=correction is not None and correction.awaiting,
        decides=principal.has("coordinator"),
        extension=extension,
        extendable=not closed and not stream.reported,
    )


def _scope(principal: Principal) -> str | None:
    """Whose submissions are listed: all for the coordinator, else one's own."""
    return None if principal.has("coordinator", "secretariat") else principal.member


async def _labels(request: Request, conn: Any, rows: list[asyncpg.Record]) -> Labels | None:
    """Names, from the catalogue of the newest period shown."""
    if not rows:
        return None
    code = rows[0]["code"] if "code" in rows[0] else rows[0]["period"]
    known = await load_streams(conn, catalogues_of(runtime_of(request)), [(code, "")])
    return next((found.in_force.labels for found in known.values()), None)


def _named(labels: Labels | None, member: str) -> Text:
    return labels.member(member) if labels else member


def _href(request: Request, period: str, member: str) -> str:
    return f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}"


def _line(
    request: Request,
    period: asyncpg.Record,
    member: str,
    row: asyncpg.Record | None,
    longer: date | None,
    labels: Labels | None,
    today: date,
) -> Line:
    reasons = (row["reasons"] or ()) if row else ()
    due: date = row["due"] if row else period["due"]
    if longer and (row is None or row["state"] == "withdrawn"):
        due = max(due, longer)
    return Line(
        period=period["code"],
        member=member,
        name=_named(labels, member),
        href=_href(request, period["code"], member),
        tag=("submission", row["state"]) if row else ("completeness", _unreported(period["code"], due, today)),
        due=due,
        late=bool(row and row["late"]),
        illustrative=period["illustrative"],
        reasons=tuple(both(ReasonForReturn.model_validate(reason).text) for reason in reasons),
        on_behalf=bool(row and row["on_behalf"]),
    )


def _unreported(period: str, due: date, today: date) -> str:
    if today > due:
        return "missing"
    return "due" if today > last_day(period) else "not_due"


def _course(versions: tuple[Version, ...]) -> list[dict[str, Any]]:
    """What happened, newest first: (when, message, version, reasons)."""
    course: list[dict[str, Any]] = []
    for version in versions:
        entry = {"number": version.number, "kind": version.kind}
        course.append({**entry, "when": version.submitted_at, "what": "submitted", "due": None})
        if version.decided_at:
            course.append({**entry, "when": version.decided_at, "what": version.state, "due": version.due})
    return course[::-1]
