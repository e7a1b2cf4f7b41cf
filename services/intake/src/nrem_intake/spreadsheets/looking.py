"""The page of a workbook: how it goes, what an uploaded one says, every error with its sheet and cell."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_intake.reporting.in_the_way import in_the_way
from nrem_intake.reporting.on_behalf import sends_on_behalf
from nrem_intake.spreadsheets.taking import Taken, refusals_of, unusual_in
from nrem_intake.submissions.answers import explained
from nrem_intake.submissions.domain.content_view import sections_of
from nrem_intake.submissions.places import place_of
from nrem_shared.contracts.submissions import SECTIONS, SubmissionContent
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import language_of, page, translator_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request
    from fastapi.responses import HTMLResponse

    from nrem_intake.spreadsheets.domain.reading import Fault
    from nrem_intake.submissions.domain.refusals import Refusal
    from nrem_intake.submissions.streams import Known
    from nrem_shared.runtime.problems import FieldError as Explained
    from nrem_shared.web.messages import Translator


@dataclass(frozen=True, slots=True)
class Reading:
    """An upload that is still read, and at which of its steps that is; the last one is that it can be looked at."""

    upload: str
    step: int
    steps: int = 4


def digest_of(taken: Taken) -> str:
    """Names exactly what was looked at."""
    return hashlib.sha256(json.dumps(taken.report.document, sort_keys=True).encode()).hexdigest()


def told(translate: Translator, fault: Fault) -> tuple[str, str, Explained]:
    """(cell, place in words, what is wrong and what to do)."""
    return str(fault.cell), place_of(translate, fault.refusal.pointer), explained_here(translate, fault.refusal)


def explained_here(translate: Translator, refusal: Refusal) -> Explained:
    """The product's own words; codes of sections among the parameters become their names."""
    parameters = dict(refusal.parameters)
    if "sections" in parameters:
        parameters["sections"] = ", ".join(translate(f"section.{name}") for name in parameters["sections"].split())
    return explained(translate, type(refusal)(refusal.pointer, refusal.code, parameters))


async def workbook_page(
    request: Request,
    known: Known,
    *,
    refused: Sequence[Refusal] = (),
    reading: Reading | None = None,
    upload: str = "",
    taken: Taken | None = None,
    own: Sequence[FieldError] = (),
    reason: str = "",
) -> HTMLResponse:
    """`refused` is about the file as a whole; `reading` is an upload still read; `taken` is what one says.

    `own` are errors of the form that submits it; `reason` = why the coordinator does so.
    """
    stream, labels = known.stream, known.in_force.labels
    translate = translator_of(request)
    faults = await refusals_of(runtime_of(request), taken, stream.period, stream.member) if taken else []
    field = None if stream.pending_version or stream.accepted_version else "workbook"
    errors = [FieldError(field, "upload.error_whole", {"text": _whole(translate, each)}) for each in refused]
    listed = [told(translate, fault) for fault in faults]
    errors += [
        FieldError(field, "upload.error", {"place": cell or where or translate("upload.whole"), "text": text.detail})
        for cell, where, text in listed
    ]
    errors += own
    content = SubmissionContent.model_validate(taken.report.document) if taken and not faults else None
    document = taken.report.document if taken else {}
    unusual = await unusual_in(runtime_of(request), taken, stream.period, stream.member) if taken and content else []
    return page(
        request,
        "intake/workbook.html",
        title="workbook.title" if taken is None else "workbook.preview_title",
        title_values={"member": labels.abbreviation(stream.member), "period": stream.period},
        status=422 if errors else 200,
        errors=errors,
        told=listed,
        stream=stream,
        reading=reading,
        upload=upload,
        taken=taken,
        digest=digest_of(taken) if taken else "",
        ready=content is not None,
        on_behalf=sends_on_behalf(request, stream.member),
        reason=reason,
        waiting=await in_the_way(request, known) if content else None,
        unusual=[told(translate, fault) for fault in unusual],
        nothing=bool(content and content.nothing_to_report),
        counts=[(name, len(document[name])) for name in SECTIONS if document.get(name)],
        sections=sections_of(content, labels) if content else (),
        path=_path(request, stream.period, stream.member),
        language="en" if language_of(request) != "lv" else "lv",
    )


def _whole(translate: Translator, refusal: Refusal) -> str:
    text = explained_here(translate, refusal)
    return f"{text.detail} {text.hint}".strip()


def _path(request: Request, period: str, member: str) -> str:
    return f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}"
