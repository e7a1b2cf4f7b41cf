"""The form's pages, whichever request they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nrem_intake.evidence.completing import completed
from nrem_intake.reporting.domain.controls import FigureForm
from nrem_intake.reporting.domain.draft import ORDER
from nrem_intake.reporting.showing import (
    Told,
    at_fields,
    field_errors,
    forms_of,
    reason_errors,
    tasks_of,
    told_in_words,
)
from nrem_intake.submissions.answers import explained
from nrem_intake.submissions.domain.content_view import sections_of
from nrem_intake.submissions.domain.labels import both
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page, translator_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request
    from fastapi.responses import HTMLResponse

    from nrem_intake.reporting.reading import Report
    from nrem_intake.submissions.domain.refusals import Refusal
    from nrem_shared.web.messages import Translator


def report_page(request: Request, report: Report, errors: Sequence[Refusal], *, status: int = 200) -> HTMLResponse:
    """The list of tasks."""
    tasks = tasks_of(report, errors)
    whole = [both(reason.text) for reason in report.reasons if reason.at.count("/") < 2]
    return page(
        request,
        "intake/report.html",
        title="report.title",
        title_values=_values(report),
        status=status,
        tasks=tasks,
        done=sum(1 for task in tasks if task.state == "complete"),
        whole=whole,
        **_shared(report),
    )


def section_page(
    request: Request,
    report: Report,
    section: str,
    errors: Sequence[Refusal],
    *,
    items: Sequence[dict[str, Any]] | None = None,
    more: str | None = None,
    status: int = 200,
    conflict: Any = None,
) -> HTMLResponse:
    """One section. `items` = what was typed where it could not be saved; `conflict` says why."""
    shown = report.draft.items(section) if items is None else list(items)
    forms = forms_of(report, section, shown, more)
    told = [
        *field_errors(request, section, forms, errors),
        *reason_errors(request, report, section, forms),
    ]
    among = [each for each in ORDER if each in report.access.sections]
    return page(
        request,
        "intake/report_section.html",
        title=f"section.{section}",
        status=status,
        errors=told,
        at_fields=at_fields(told),
        section=section,
        forms=forms,
        blank=more is not None,
        grid=section == "observations",
        said=[each.name for each in report.unexplained] if any(error.code == "unusual" for error in errors) else (),
        lines=sum(len(form.lines) for form in forms if isinstance(form, FigureForm)),
        types=report.setting.options("activity_type"),
        revision=report.draft.section_revision(section),
        saved=report.draft.sections.get(section),
        place=among.index(section) + 1,
        places=len(among),
        conflict=conflict,
        **_shared(report),
    )


def check_page(
    request: Request, report: Report, errors: Sequence[Refusal], *, status: int = 200, **more: Any
) -> HTMLResponse:
    """Everything as it would be submitted; every error is linked to its field where the reader may mend it."""
    told = [error for section in ORDER for error in _linked(request, report, section, errors)]
    unusual = [each.told for each in report.unexplained]
    whole = [error for error in errors if _section_of(error) not in ORDER]
    translate = translator_of(request)
    told += [FieldError(None, "upload.error_whole", {"text": _whole(translate, error)}) for error in whole]
    content = None if errors else _as_submitted(report)
    return page(
        request,
        "intake/report_check.html",
        title="report.check_title",
        title_values=_values(report),
        status=status,
        errors=[*told, *more.pop("own_errors", ())],
        sections=sections_of(content, report.setting.labels) if content else (),
        content=content,
        unusual=_linked(
            request, report, "observations", unusual, told=lambda translate, one: explained(translate, one).detail
        ),
        right=more.pop("right", False),
        tasks=tasks_of(report, errors),
        reason=more.pop("reason", ""),
        note=more.pop("note", ""),
        changed=more.pop("changed", False),
        **_shared(report),
    )


def _as_submitted(report: Report) -> SubmissionContent:
    """The content as it would be submitted: files with their names."""
    content, member = SubmissionContent.model_validate(report.draft.content()), report.setting.member
    told = completed(content, member, {(member, ref): file for ref, file in report.setting.files.items()})
    return told if isinstance(told, SubmissionContent) else content


def _linked(
    request: Request, report: Report, section: str, errors: Sequence[Refusal], told: Told = told_in_words
) -> list[FieldError]:
    """Errors of a section with the address of their control on its page, where the reader may open it."""
    forms = forms_of(report, section, report.draft.items(section))
    opens = report.draft.state == "open" and section in report.access.sections
    at = f"{report.path}/report/sections/{section}"
    return [
        FieldError(f"{at}#{error.field}" if opens else None, error.message, error.values)
        for error in field_errors(request, section, forms, errors, told)
    ]


def _whole(translate: Translator, error: Refusal) -> str:
    return translate("report.empty") if error.code == "empty" else told_in_words(translate, error)


def _section_of(error: Refusal) -> str:
    return error.pointer.split("/")[1] if "/" in error.pointer else ""


def _values(report: Report) -> dict[str, str]:
    labels = report.setting.labels
    return {"member": labels.abbreviation(report.setting.member), "period": report.setting.period}


def _shared(report: Report) -> dict[str, Any]:
    """What every page of the form shows."""
    return {
        "report": report,
        "draft": report.draft,
        "stream": report.stream,
        "access": report.access,
        "name": report.setting.labels.member(report.setting.member),
        "path": report.path,
        "here": f"{report.path}/report",
    }
