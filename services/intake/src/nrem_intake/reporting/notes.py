"""Texts that go with a decision about a report, not with its content: a note, the reason of an entry on behalf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.redactions.watching import watch_for
from nrem_intake.reporting.showing import told_in_words
from nrem_intake.submissions.domain.fields import check_text
from nrem_intake.submissions.domain.refusals import Findings
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of
from nrem_shared.web.typed import Typed, too_long

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_intake.reporting.reading import Report

LONGEST_NOTE = 4000


async def text_errors(request: Request, report: Report, field: str, text: str, longest: int) -> list[FieldError]:
    """What the text is refused for, at its field (labelled `report.<field>`); it may be blank."""
    if long := too_long(request, Typed(field, f"report.{field}", text, longest)):
        return long
    setting = report.setting
    async with runtime_of(request).pool.acquire() as conn:
        found = Findings(await watch_for(conn, setting.catalogue, setting.period, setting.member))
    check_text(found, f"/{field}", text, longest, may_be_blank=True)
    translate = translator_of(request)
    return [FieldError(field, "upload.error_whole", {"text": told_in_words(translate, one)}) for one in found.sorted()]
