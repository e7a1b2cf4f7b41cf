"""JSON routes of one submission: submit, look, correct, decide."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.reporting.correction_signing import refuse_while_awaiting
from nrem_intake.reporting.on_behalf import sends_on_behalf
from nrem_intake.reporting.posting import (
    WAITS,
    authors_by_api,
    authors_of_own,
    by_person,
    correction_of_person,
    report_of_person,
)
from nrem_intake.reporting.recalling import unexplained_in
from nrem_intake.submissions import checking, commands, store
from nrem_intake.submissions.answers import (
    Notice,
    SubmissionDetail,
    SubmissionState,
    VersionDetail,
    detail_of,
    etag,
    invalid,
    notices,
    problem_of,
    version_of,
)
from nrem_intake.submissions.asking import IDEMPOTENT, IfMatch, Member, Number, Period, run, seen
from nrem_intake.submissions.authorship import check_own, not_found, own_or_404
from nrem_intake.submissions.bodies import LARGEST_SUBMISSION, bounded, json_body
from nrem_intake.submissions.bulk import router as bulk_router
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.checking import ToSubmit
from nrem_intake.submissions.domain.errors import NotAllowed
from nrem_intake.submissions.examples import content_body, correction_body
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.streams import load_streams
from nrem_intake.submissions.together import submit_once
from nrem_shared.contracts.submissions import ReasonForReturn
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import translator_of

router = APIRouter(tags=["submissions"], route_class=bounded(LARGEST_SUBMISSION))
router.include_router(bulk_router)

_PATH = "/api/periods/{period}/submissions/{member}"


class Validity(BaseModel):
    """A dry run found nothing wrong. `warnings` keep nothing from being submitted: figures far from the usual ones."""

    valid: Literal[True] = True
    warnings: list[Notice] = []


class ReturnGiven(BaseModel):
    """Why a version is returned, place by place, and by when the next one is expected (else five working days)."""

    reasons: Annotated[list[ReasonForReturn], Field(max_length=200)]
    due: date | None = None


@router.post(
    _PATH,
    status_code=201,
    summary="Submit the next version",
    response_model=SubmissionState,
    dependencies=IDEMPOTENT,
    responses={**problems(400, 401, 403, 404, 409, 412, 413, 428), **WAITS},
    openapi_extra=content_body(),
)
async def submit(request: Request, period: Period, member: Member, if_match: IfMatch = None) -> Response:
    """The first version needs no If-Match; a later one names the revision seen. Refused with every error at once.

    What somebody signed in sends for an institution whose officer signs waits for the signature (202).
    """
    check_own(request, member)
    wanted = ToSubmit(period, member, await json_body(request), seen(if_match))
    if by_person(request) and (waits := await report_of_person(request, wanted)):
        return waits
    return await submit_once(request, wanted)


@router.post(
    "/api/validate/{period}/{member}",
    summary="Would it be accepted as it stands (nothing is kept)",
    response_model=Validity,
    responses=problems(400, 401, 403, 404, 409, 413),
    openapi_extra=content_body(),
)
async def validate(request: Request, period: Period, member: Member) -> Validity:
    """200 where the content is valid, else the same errors that submitting would give. Warnings refuse nothing."""
    own_or_404(request, member)
    wanted = ToSubmit(period, member, await json_body(request))
    runtime = runtime_of(request)
    try:
        async with runtime.pool.acquire() as conn:
            refusals = await checking.validate_one(conn, catalogues_of(runtime), wanted)
            unusual = () if refusals else await unexplained_in(conn, period, member, wanted.document)
    except Failed as failed:
        raise problem_of(request, failed) from failed
    if refusals:
        raise invalid(request, refusals)
    return Validity(warnings=notices(translator_of(request), (each.told for each in unusual)))


@router.get("/api/submissions", summary="Submissions", responses=problems(401, 403, 404))
async def list_submissions(
    request: Request,
    period: Annotated[str | None, Query(max_length=10)] = None,
    member: Annotated[str | None, Query(max_length=20)] = None,
    state: Literal["submitted", "returned", "accepted", "withdrawn"] | None = None,
) -> list[SubmissionState]:
    """Newest period first; a member's own, or all for the coordinator."""
    principal = current_principal(request)
    if not principal.has("coordinator", "secretariat"):
        member = member or principal.member or ""
        own_or_404(request, member)
    async with runtime_of(request).pool.acquire() as conn:
        rows = await store.listed(conn, period, member, state)
    return [SubmissionState.model_validate(dict(row)) for row in rows]


@router.get(_PATH, summary="One submission with its versions", responses=problems(401, 403, 404))
async def show(request: Request, response: Response, period: Period, member: Member) -> SubmissionDetail:
    """State, versions, reasons of returns; the ETag is what If-Match asks for."""
    own_or_404(request, member)
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        known = (await load_streams(conn, catalogues_of(runtime), [(period, member)])).get((period, member))
    if known is None or not known.stream.versions:
        raise not_found(request)
    response.headers["ETag"] = etag(known.stream.revision)
    return detail_of(known.stream)


@router.get(f"{_PATH}/versions/{{version}}", summary="One version with its content", responses=problems(401, 403, 404))
async def show_version(request: Request, period: Period, member: Member, version: Number) -> VersionDetail:
    """As it was submitted; versions never change."""
    own_or_404(request, member)
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        found = await load_streams(conn, catalogues_of(runtime), [(period, member)], contents=True)
    try:
        return version_of(found[(period, member)].stream.version(version))
    except (KeyError, NotAllowed) as error:
        raise not_found(request) from error


@router.post(
    f"{_PATH}/corrections",
    status_code=201,
    summary="Correct accepted figures",
    response_model=SubmissionState,
    dependencies=IDEMPOTENT,
    responses={**problems(400, 401, 403, 404, 409, 412, 413, 428), **WAITS},
    openapi_extra=correction_body(),
)
async def correct(request: Request, period: Period, member: Member, if_match: IfMatch = None) -> Response:
    """Changes, adds (`old` null) or drops (`new` null) figures, each with its reason; waits for acceptance.

    The coordinator enters it on the member's behalf and says why (`on_behalf`). What somebody signed in sends for an
    institution whose officer signs waits for the signature (202).
    """
    on_behalf = sends_on_behalf(request, member)
    body = await json_body(request)
    items = body.get("items") if isinstance(body, dict) else body
    revision = seen(if_match)
    if on_behalf:
        authors = await authors_by_api(request, period, member, body, revision)
    else:
        authors = authors_of_own(request, body)
        if by_person(request) and (waits := await correction_of_person(request, period, member, items, revision)):
            return waits
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Any) -> Any:
        if on_behalf:
            await refuse_while_awaiting(request, writing.conn, period, member)
        return await commands.correct_one(writing, catalogues, period, member, items, revision, authors)

    return await run(request, 201, command)


@router.post(
    f"{_PATH}/versions/{{version}}/accept",
    summary="Accept a version",
    response_model=SubmissionState,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404, 409, 412, 428),
)
async def accept(
    request: Request,
    period: Period,
    member: Member,
    version: Number,
    if_match: IfMatch = None,
) -> Response:
    """From now on it is what counts."""
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Any) -> Any:
        return await commands.accept(writing, catalogues, period, member, version, seen(if_match))

    return await run(request, 200, command)


@router.post(
    f"{_PATH}/versions/{{version}}/return",
    summary="Return a version",
    response_model=SubmissionState,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404, 409, 412, 413, 428),
)
async def return_(
    request: Request,
    period: Period,
    member: Member,
    version: Number,
    given: ReturnGiven,
    if_match: IfMatch = None,
) -> Response:
    """With reasons that point to places in the content, and a due date on a working day."""
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Any) -> Any:
        return await commands.return_(
            writing, catalogues, period, member, version, seen(if_match), tuple(given.reasons), given.due
        )

    return await run(request, 200, command)


@router.post(
    f"{_PATH}/versions/{{version}}/withdraw",
    summary="Withdraw a version",
    response_model=SubmissionState,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404, 409, 412, 428),
)
async def withdraw(
    request: Request,
    period: Period,
    member: Member,
    version: Number,
    if_match: IfMatch = None,
) -> Response:
    """While nothing was decided about it."""
    check_own(request, member)
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Any) -> Any:
        return await commands.withdraw(writing, catalogues, period, member, version, seen(if_match))

    return await run(request, 200, command)
