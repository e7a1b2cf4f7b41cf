"""Who sends a member's report: the institution itself, or the coordinator on its behalf, who says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nrem_intake.redactions.watching import watch_for
from nrem_intake.reporting.access import access_of, office_of
from nrem_intake.reporting.showing import told_in_words
from nrem_intake.submissions.authorship import check_own
from nrem_intake.submissions.domain.authors import NOBODY, Authors
from nrem_intake.submissions.domain.fields import check_bilingual, check_text
from nrem_intake.submissions.domain.refusals import Findings, Refusal
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of
from nrem_shared.web.typed import Typed, TypedText, too_long

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_intake.submissions.streams import Known

LONGEST_REASON = 1000

#: Why the coordinator enters it in the member's place.
Reason = TypedText


def sends_on_behalf(request: Request, member: str) -> bool:
    """Whether it is entered on the member's behalf. Raises 404 for a stranger, 403 for those who may only look."""
    access = access_of(current_principal(request), member)
    if access is None or not access.whole:
        check_own(request, member)
    return access is not None and access.on_behalf


async def behalf_errors(request: Request, known: Known, reason: str) -> list[FieldError]:
    """Entered for somebody else: nobody has to guess why."""
    if not reason.strip():
        return [FieldError("reason", "report.behalf_reason_missing")]
    if long := too_long(request, Typed("reason", "report.behalf_reason", reason, LONGEST_REASON)):
        return long
    translate = translator_of(request)
    return [
        FieldError("reason", "upload.error_whole", {"text": told_in_words(translate, one)})
        for one in await reason_refusals(request, known, reason, "/reason")
    ]


async def reason_refusals(request: Request, known: Known, reason: Any, at: str) -> tuple[Refusal, ...]:
    """What the reason is refused for; `at` is where it stands."""
    stream = known.stream
    async with runtime_of(request).pool.acquire() as conn:
        found = Findings(await watch_for(conn, known.in_force.catalogue, stream.period, stream.member))
    check_text(found, at, "" if reason is None else reason, LONGEST_REASON)
    return found.sorted()


async def bilingual_refusals(request: Request, known: Known, reason: Any, at: str) -> tuple[Refusal, ...]:
    """What a reason in both languages is refused for, as the API takes it."""
    stream = known.stream
    async with runtime_of(request).pool.acquire() as conn:
        found = Findings(await watch_for(conn, known.in_force.catalogue, stream.period, stream.member))
    if reason is None:
        found.add(at, "missing")
    else:
        check_bilingual(found, at, reason, LONGEST_REASON)
    return found.sorted()


def authors_of_entry(request: Request, reason: str, *, on_behalf: bool) -> Authors:
    """Nobody to name where the institution sends it itself."""
    if not on_behalf:
        return NOBODY
    return Authors(entered_by=office_of(current_principal(request)), on_behalf=LocalizedText(lv=reason.strip()))
