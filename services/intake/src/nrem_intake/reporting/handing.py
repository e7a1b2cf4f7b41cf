"""Reports of an institution whose officer signs, sent in another way than the form: they wait for the signature too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nrem_intake.reporting import commands
from nrem_intake.reporting.access import access_of, office_of
from nrem_intake.reporting.domain.draft import Changed, Draft, Locked, hand_over
from nrem_intake.reporting.domain.putting_aside import replaced
from nrem_intake.reporting.in_the_way import changed
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.checking import ToSubmit, validate_one
from nrem_intake.submissions.failures import Failed
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request, Response

    from nrem_intake.submissions.domain.refusals import Refusal
    from nrem_intake.submissions.streams import Known


def needs_signature(request: Request, known: Known) -> bool:
    """Whether what this person sends has to be signed by the institution's authorised officer first."""
    institution = known.in_force.catalogue.institutions.get(known.stream.member)
    access = access_of(current_principal(request), known.stream.member)
    signed = access is not None and (access.signs or access.on_behalf)
    return institution is not None and institution.sign_off and not signed


async def hand_over_document(
    request: Request, known: Known, document: Any, confirmed: int | None
) -> Response | tuple[Refusal, ...]:
    """Put the document in the draft's place and hand it over; or every reason why it cannot be submitted.

    What was typed is put aside. Raises the 409 problem where that is not what was `confirmed`.
    """
    runtime, stream = runtime_of(request), known.stream
    catalogues = catalogues_of(runtime)
    async with runtime.pool.acquire() as conn:
        if errors := await validate_one(conn, catalogues, ToSubmit(stream.period, stream.member, document)):
            return errors
    decide = handing_over(request, known, document, confirmed)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            await commands.hand_over(writing, catalogues, stream.period, stream.member, decide)
    except Locked as error:
        raise Problem.conflict(translator_of(request)("report.locked")) from error
    except Changed as error:
        raise changed(request) from error
    except Failed as failed:
        return failed.failures[0].errors
    here = f"{request.scope.get('root_path', '')}/periods/{stream.period}/submissions/{stream.member}/report"
    return see_other(here, after=writing.after, secure=runtime.settings.secure_cookies)


def handing_over(request: Request, known: Known, document: Any, confirmed: int | None) -> Callable[[Draft], Draft]:
    """The valid document in the draft's place, handed over. Raises Changed for a draft that nobody was asked about."""
    by, now = office_of(current_principal(request)), runtime_of(request).clock.now()

    def decide(draft: Draft) -> Draft:
        if draft.state == "open" and draft.revision not in (0, confirmed) and not draft.empty:
            raise Changed("", draft)
        taken = replaced(draft, document, known.stream.revision, by, now)
        return hand_over(taken, by, nothing=bool(document.get("nothing_to_report")))

    return decide
