"""What the coordinator reviews: the queue, and one version beside the previous answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from nrem_intake.discussions import store as discussions_store
from nrem_intake.discussions.domain import by_item
from nrem_intake.extensions import store as extensions_store
from nrem_intake.periods import store as periods_store
from nrem_intake.reporting.domain.unusual import unusual
from nrem_intake.reporting.recalling import history_of
from nrem_intake.reviewing import store
from nrem_intake.reviewing.corrections import router as corrections_router
from nrem_intake.reviewing.decisions import router as decisions_router
from nrem_intake.reviewing.domain.attention import FILTERS, Filter, counts, queue
from nrem_intake.reviewing.domain.comparison import compare
from nrem_intake.reviewing.figures import router as figures_router
from nrem_intake.reviewing.places import line_at, names, reminder_at, root_of, submission_at, version_at
from nrem_intake.reviewing.returning import router as returning_router
from nrem_intake.submissions import behalf_store
from nrem_intake.submissions.asking import Member, Number, Period
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.coalition_store import overlaps
from nrem_intake.submissions.deciding import entered_by
from nrem_intake.submissions.domain.content_view import changes_of
from nrem_intake.submissions.domain.errors import NotAllowed
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.stream import Stream, Version

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])
router.include_router(decisions_router)
router.include_router(returning_router)
router.include_router(corrections_router)
router.include_router(figures_router)

Done = Literal["", "accepted", "returned", "figures"]


@router.get("/queue")
async def show_queue(
    request: Request,
    period: Annotated[str, Query(max_length=10)] = "",
    state: Filter = "attention",
    done: Done = "",
) -> HTMLResponse:
    """What needs attention, the most urgent first; narrowed to a period or a state by the address."""
    runtime, principal = runtime_of(request), current_principal(request)
    async with runtime.pool.acquire() as conn:
        periods = [row["code"] for row in await periods_store.periods(conn)]
        chosen = period if period in periods else None
        found = await store.standings(conn, principal.subject, chosen)
        labels = await names(request, conn)
        overlapping = await overlaps(conn, chosen)
    today = local_date(runtime.clock.now())
    root = root_of(request)

    def address(**wanted: str) -> str:
        given = {"period": chosen or "", "state": state, **wanted}
        return f"{root}/queue?{urlencode({name: value for name, value in given.items() if value})}"

    return page(
        request,
        "intake/queue.html",
        title="queue.title",
        lines=queue(found, today, state),
        counts=counts(found, today),
        filters=FILTERS,
        state=state,
        period=chosen or "",
        periods=periods,
        labels=labels,
        overlaps=lambda one: [each for each in overlapping if each.concerns(one.period, one.member)],
        line_at=lambda line: line_at(request, line),
        submission_at=lambda one: submission_at(request, one.period, one.member),
        reminder_at=reminder_at,
        address=address,
        decides=principal.has("coordinator"),
        done=done,
        root=root,
    )


@router.get("/periods/{period}/submissions/{member}/versions/{version}/review")
async def review(request: Request, period: Period, member: Member, version: Number) -> HTMLResponse:
    """One version: what changed beside the previous answer, what was discussed, and what can be decided."""
    runtime, principal = runtime_of(request), current_principal(request)
    async with runtime.pool.acquire() as conn:
        known = await load_streams(conn, catalogues_of(runtime), [(period, member)], contents=True)
        try:
            found = known[(period, member)]
            chosen = found.stream.version(version)
        except (KeyError, NotAllowed) as error:
            raise not_found(request) from error
        remarks = await discussions_store.remarks(conn, period, member)
        before = await _before(conn, found.stream, chosen)
        history = await history_of(conn, member, period)
        overlapping = await overlaps(conn, period)
        extension = await extensions_store.extension(conn, period, member)
        own_entry = await entered_by(conn, found.stream, version, principal.subject)
        same = await behalf_store.decided_by_enterer(conn, period, member)
        looked_at = await store.last_look(conn, principal.subject, period, member)
        if version == found.stream.versions[-1].number:  # an older one says nothing of what changed since
            now = runtime.clock.now()
            await store.note_look(conn, principal.subject, period, member, found.stream.revision, len(remarks), now)
    labels = found.in_force.labels
    content = chosen.content or SubmissionContent()
    return page(
        request,
        "intake/review.html",
        title="review.title",
        title_values={"member": labels.abbreviation(member), "period": period, "number": version},
        current=f"{root_of(request)}/",
        stream=found.stream,
        chosen=chosen,
        name=labels.member(member),
        labels=labels,
        overlaps=[one for one in overlapping if one.concerns(period, member)],
        sections=compare(
            content,
            before.content,
            labels,
            same_quarter=before.number is not None,
            reasons=before.reasons,
        ),
        before=before,
        unusual={each.item: each.usual for each in unusual(content.model_dump()["observations"], history)},
        changes=changes_of(chosen.corrected_figures, labels),
        threads=by_item(remarks),
        extension=extension,
        own_entry=own_entry,
        decided_by_enterer=same,
        looked_at=looked_at,
        decides=principal.has("coordinator") and found.stream.pending_version == version,
        speaks=principal.has("coordinator"),
        path=submission_at(request, period, member),
        here=version_at(request, period, member, version),
        root=root_of(request),
    )


class Before:
    """What a version is compared with: an earlier version of the quarter (`number`), or another quarter's answer."""

    def __init__(self, period: str | None = None, version: Version | None = None, content: Any = None) -> None:
        self.period = period
        self.number = version.number if version else None
        self.content: SubmissionContent | None = version.content if version else content
        self.reasons = version.reasons if version else ()


async def _before(conn: Any, stream: Stream, version: Version) -> Before:
    """The accepted version for a correction, the version before for a later one, last quarter's answer for a first."""
    earlier = [v for v in stream.versions if v.number < version.number]
    if version.kind == "correction":
        earlier = [v for v in earlier if v.state == "accepted"]
    if earlier:
        return Before(stream.period, earlier[-1])
    found = await store.earlier_answer(conn, stream.period, stream.member)
    return Before(found[0], None, found[1]) if found else Before()
