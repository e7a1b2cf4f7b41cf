"""What people post to the JSON API follows the rules of the forms: the officer's signature, the reason on behalf.

An institution's key is the institution itself: what comes by it waits for nobody.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from nrem_intake.reporting import commands, store
from nrem_intake.reporting.access import office_of
from nrem_intake.reporting.correction_signing import await_correction, would_correct
from nrem_intake.reporting.domain.draft import Changed, Locked
from nrem_intake.reporting.handing import handing_over, needs_signature
from nrem_intake.reporting.in_the_way import changed
from nrem_intake.reporting.on_behalf import bilingual_refusals
from nrem_intake.submissions.answers import invalid, problem_of
from nrem_intake.submissions.asking import run_once
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.checking import ToSubmit, validate_one
from nrem_intake.submissions.domain.authors import NOBODY, Authors
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.failures import Failed, Failure, check_revision, expected
from nrem_intake.submissions.streams import Known, load_streams
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.idempotency import Answer
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request, Response

    from nrem_intake.submissions.failures import Seen
    from nrem_shared.runtime.journal import Writing


class SignatureWaits(BaseModel):
    """What was sent is valid and waits for the authorised officer's signature; it is no version before that."""

    period: str = Field(examples=["2026-Q3"])
    member: str = Field(examples=["vp"])
    kind: Literal["report", "correction"]
    state: Literal["awaiting_signature"] = "awaiting_signature"
    prepared_by: str
    due: date = Field(description="By when it is to be signed")


#: How OpenAPI tells of it.
WAITS: dict[int | str, dict[str, Any]] = {
    202: {"model": SignatureWaits, "description": "A person sent it and the institution's officer has to sign it"}
}


def by_person(request: Request) -> bool:
    """Whether somebody signed in asks, not an institution's program with its key."""
    principal = current_principal(request)
    return principal.session is not None or principal.by_cookie


async def report_of_person(request: Request, wanted: ToSubmit) -> Response | None:
    """Hand it over where the officer has to sign it; null where it is submitted as by a key. Raises its problem."""
    known = await _known(request, wanted.period, wanted.member)
    if not needs_signature(request, known):
        return None
    runtime = runtime_of(request)
    decide = handing_over(request, known, wanted.document, None)

    async def command(writing: Writing) -> Answer:
        check_revision(known.stream, wanted.seen, is_first=True)
        if errors := await validate_one(writing.conn, catalogues_of(runtime), wanted):
            raise Failed(Failure(0, "refused", tuple(errors)))
        try:
            await commands.hand_over(writing, catalogues_of(runtime), wanted.period, wanted.member, decide)
        except Locked as error:
            raise Problem.conflict(translator_of(request)("report.locked")) from error
        except Changed as error:
            raise changed(request) from error
        return await _waits(writing, wanted.period, wanted.member)

    return await run_once(request, command)


async def refuse_unsigned(request: Request, wanted: Sequence[ToSubmit]) -> None:
    """Several at once, which nobody could read and sign: raises the 422 problem with each that the officer signs."""
    found = Findings()
    for place, one in enumerate(wanted):
        if needs_signature(request, await _known(request, one.period, one.member)):
            found.add(f"/submissions/{place}/member", "signed_one_by_one")
    if found:
        raise invalid(request, found.sorted())


async def correction_of_person(request: Request, period: str, member: str, items: Any, seen: Seen) -> Response | None:
    """The same of a correction."""
    known = await _known(request, period, member)
    if not needs_signature(request, known):
        return None

    async def command(writing: Writing) -> Answer:
        check_revision(known.stream, seen)
        await await_correction(request, writing, known, items, known.stream.revision)
        return await _waits(writing, period, member)

    return await run_once(request, command)


async def authors_by_api(request: Request, period: str, member: str, body: Any, seen: Seen) -> Authors:
    """Who enters a correction on the member's behalf, and why (`on_behalf` of the body). Raises its problem.

    Everything wrong is told at once, that of the correction itself too.
    """
    known = await _known(request, period, member)
    given = body.get("on_behalf") if isinstance(body, dict) else None
    found = Findings()
    found.extend(await bilingual_refusals(request, known, given, "/on_behalf"))
    if found:
        items = body.get("items") if isinstance(body, dict) else body
        try:
            await would_correct(request, known, items, seen)
        except Failed as failed:
            if failed.failures[0].why != "refused":
                raise problem_of(request, failed) from failed
            found.extend(failed.failures[0].errors)
        raise invalid(request, found.sorted())
    by = office_of(current_principal(request), "coordinator")
    return Authors(entered_by=by, on_behalf=LocalizedText.model_validate(given))


def authors_of_own(request: Request, body: Any) -> Authors:
    """Nobody to name: the institution sends it itself. Raises the 422 problem where it says something else."""
    if isinstance(body, dict) and body.get("on_behalf") is not None:
        found = Findings()
        found.unknown_field("", "on_behalf")
        raise invalid(request, found.sorted())
    return NOBODY


async def _known(request: Request, period: str, member: str) -> Known:
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        known = await load_streams(conn, catalogues_of(runtime), [(period, member)])
    try:
        return expected(known.get((period, member)))
    except Failed as failed:
        raise problem_of(request, failed) from failed


async def _waits(writing: Writing, period: str, member: str) -> Answer:
    found = await store.signature(writing.conn, period, member)
    if found is None:
        raise LookupError(f"nothing waits for a signature: {period} {member}")
    item = found.item
    answer = SignatureWaits(period=period, member=member, kind=item.kind, prepared_by=item.prepared_by, due=item.due)
    return Answer(202, answer.model_dump_json(), {AFTER: writing.after})
