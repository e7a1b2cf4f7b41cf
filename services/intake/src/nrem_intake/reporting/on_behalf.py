"""Who sends a member's report: the institution itself, or the coordinator on its behalf, who says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Form

from nrem_intake.redactions.watching import watch_for
from nrem_intake.reporting.access import access_of, office_of
from nrem_intake.reporting.showing import told_in_words
from nrem_intake.submissions.authorship import check_own
from nrem_intake.submissions.bodies import LARGEST_FORM
from nrem_intake.submissions.domain.authors import NOBODY, Authors
from nrem_intake.submissions.domain.fields import check_text
from nrem_intake.submissions.domain.refusals import Findings
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_intake.submissions.streams import Known

LONGEST_REASON = 1000

Reason = Annotated[
    str, Form(max_length=LARGEST_FORM, description="Why the coordinator enters it in the member's place")
]


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
    stream = known.stream
    async with runtime_of(request).pool.acquire() as conn:
        found = Findings(await watch_for(conn, known.in_force.catalogue, stream.period, stream.member))
    check_text(found, "/reason", reason, LONGEST_REASON)
    translate = translator_of(request)
    return [
        FieldError("reason", "upload.error_whole", {"text": told_in_words(translate, one)}) for one in found.sorted()
    ]


def authors_of_entry(request: Request, reason: str, *, on_behalf: bool) -> Authors:
    """Nobody to name where the institution sends it itself."""
    if not on_behalf:
        return NOBODY
    return Authors(entered_by=office_of(current_principal(request)), on_behalf=LocalizedText(lv=reason.strip()))
