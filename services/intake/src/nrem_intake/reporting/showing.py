"""A report as its pages show it: tasks, a section with its controls, errors in words at their controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nrem_intake.reporting.domain.checking import Place, of_section, place_in, standing
from nrem_intake.reporting.domain.controls import FigureForm, ItemForm
from nrem_intake.reporting.domain.draft import ORDER
from nrem_intake.reporting.domain.figures import figure_forms
from nrem_intake.reporting.domain.items import item_forms
from nrem_intake.submissions.answers import explained
from nrem_intake.submissions.domain.item_keys import key_at, keyed
from nrem_intake.submissions.domain.labels import both
from nrem_intake.submissions.places import place_of
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fastapi import Request

    from nrem_intake.reporting.domain.draft import Saved
    from nrem_intake.reporting.reading import Report
    from nrem_intake.submissions.domain.labels import Text
    from nrem_intake.submissions.domain.refusals import Refusal
    from nrem_shared.web.messages import Translator

Forms = tuple[ItemForm | FigureForm, ...]

#: An error in the reader's words.
Told = Callable[["Translator", "Refusal"], str]


@dataclass(frozen=True, slots=True)
class Task:
    """One section in the list: how far it is, how many errors, how much was carried over and waits to be looked at."""

    section: str
    href: str | None
    state: str
    errors: int
    carried: int
    saved: Saved | None


def tasks_of(report: Report, errors: Iterable[Refusal]) -> list[Task]:
    """The sections in the order of the form; those that are not the reader's have no link."""
    told = list(errors)
    returned = frozenset(reason.at.split("/")[1] for reason in report.reasons if reason.at.count("/") > 1)
    states = standing(report.draft, told, returned)
    open_ = report.fillable and report.draft.state == "open"
    return [
        Task(
            section,
            f"{report.path}/report/sections/{section}" if open_ and section in report.access.sections else None,
            states[section][0],
            states[section][1],
            _carried(report, section),
            report.draft.sections.get(section),
        )
        for section in ORDER
    ]


def _carried(report: Report, section: str) -> int:
    """What earlier quarters left open and the draft says nothing of yet."""
    if section == "observations" or section not in report.access.sections:
        return 0
    forms = item_forms(section, report.draft.items(section), report.setting)
    return sum(1 for form in forms if form.carried and not form.filled)


def forms_of(report: Report, section: str, items: Sequence[dict[str, Any]], more: str | None = None) -> Forms:
    """The controls of a section."""
    if section == "observations":
        return figure_forms(items, report.setting)
    return item_forms(section, items, report.setting, more)


def field_errors(
    request: Request, section: str, forms: Forms, errors: Iterable[Refusal], told: Told | None = None
) -> list[FieldError]:
    """Each error at its control: which item and field, and in `told`'s words what is wrong and what to do."""
    words = told or told_in_words
    translate = translator_of(request)
    return [
        FieldError(
            place.field,
            "report.error_in_name" if error.pointer.endswith("/file/name") else "report.error",
            {"place": _words(translate, place, error.pointer), "text": words(translate, error)},
        )
        for error in of_section(errors, section)
        for place in (place_in(forms, error.pointer, section),)
    ]


def at_fields(errors: Iterable[FieldError]) -> list[FieldError]:
    """The same errors for their controls, where nobody has to be told which control it is."""
    short = {
        "report.error": "upload.error_whole",
        "report.error_in_name": "evidence.in_name",
        "report.returned_because": "report.returned_here",
    }
    return [
        FieldError(error.field, short.get(error.message, error.message), error.values)
        if isinstance(error.message, str)
        else error
        for error in errors
    ]


def reason_errors(request: Request, report: Report, section: str, forms: Forms) -> list[FieldError]:
    """Why the coordinator returned items of the section, at the fields that hold them now."""
    returned = report.returned
    content = returned.content if returned else None
    if returned is None or content is None or section in report.draft.sections:
        return []
    translate = translator_of(request)
    found = []
    for reason in returned.reasons:
        if reason.at.split("/")[1:2] == [section]:
            place = place_in(forms, _moved(reason.at, content, report, section), section)
            values = {"place": _words(translate, place, reason.at), "text": _in(translate, both(reason.text))}
            found.append(FieldError(place.field, "report.returned_because", values))
    return found


def _moved(pointer: str, returned: SubmissionContent, report: Report, section: str) -> str:
    """Where an item of the returned version stands in the draft: by its name, not by its place."""
    name, parts = key_at(returned, pointer), pointer.split("/")
    try:
        now = SubmissionContent.model_validate({section: report.draft.items(section)})
    except ValueError:
        return pointer
    there = keyed(now, section).get(name)
    return "/".join((there[0], *parts[3:])) if there else pointer


def _words(translate: Translator, place: Place, pointer: str) -> str:
    """Whose item and which field; an item without a name by its number."""
    parts = [_in(translate, name) for name in place.item if name]
    parts = parts or [place_of(translate, "/".join(pointer.split("/")[:3]))]
    if not isinstance(place.label, str):
        parts.append(_in(translate, place.label))
    elif place.label:
        parts.append(translate(place.label) if translate.has(place.label) else place.label.rpartition(".")[2])
    return ", ".join(parts)


def _in(translate: Translator, text: Text) -> str:
    if isinstance(text, str):
        return text
    return text.get("en" if translate.language == "en" else "lv") or text["lv"]


def told_in_words(translate: Translator, error: Refusal) -> str:
    """What is wrong and what to do, as the form says it."""
    told = explained(translate, error)
    if error.code == "unusual":  # in the form nobody has to explain it
        return f"{told.detail} {translate('report.unusual_hint')}"
    if error.code == "malformed":  # what is expected says it all; the hint is for programs
        return told.detail
    return f"{told.detail} {told.hint}".strip()
