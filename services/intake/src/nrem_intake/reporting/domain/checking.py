"""What is wrong with a report so far, where on the form, and how far each section is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from nrem_intake.reporting.domain.controls import FigureForm, ItemForm, Line, Rows
from nrem_intake.reporting.domain.draft import ORDER, Draft
from nrem_intake.reporting.domain.history import JOINT_PROJECT
from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.labels import Text
from nrem_intake.submissions.domain.refusals import Refusal

Standing = Literal["not_begun", "begun", "complete", "errors", "returned"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the form something is wrong: the id of the control, whose item and which field, in words or ids."""

    field: str
    item: tuple[Text, ...] = ()
    label: Text = ""


def completed(items: list[dict[str, Any]], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Activities with what the register says: the partners of a joint project."""
    return [_with_partners(item, catalogue) for item in items]


def _with_partners(item: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    project = catalogue.projects.get(str(item.get("project_code")))
    if item.get("type") != JOINT_PROJECT or project is None or item.get("partners"):
        return item
    return {**item, "partners": list(project.partners)}


def of_section(errors: Iterable[Refusal], section: str) -> tuple[Refusal, ...]:
    """Those of one section, in the order of its items."""
    found = [error for error in errors if error.pointer.split("/")[1:2] == [section]]
    return tuple(sorted(found, key=lambda error: (_number(error.pointer), error.pointer)))


def _number(pointer: str) -> int:
    parts = pointer.split("/")
    return int(parts[2]) if len(parts) > 2 and parts[2].isdecimal() else -1


def standing(draft: Draft, errors: Iterable[Refusal], returned: frozenset[str]) -> dict[str, tuple[Standing, int]]:
    """Section → how far it is, and how many errors it has."""
    told = tuple(errors)
    return {section: _standing(draft, section, len(of_section(told, section)), returned) for section in ORDER}


def _standing(draft: Draft, section: str, errors: int, returned: frozenset[str]) -> tuple[Standing, int]:
    saved = draft.sections.get(section)
    if errors:
        return "errors", errors
    if section in returned and saved is None:
        return "returned", 0
    if saved and saved.finished:
        return "complete", 0
    return ("begun" if saved or draft.items(section) else "not_begun"), 0


def place_in(forms: Iterable[ItemForm | FigureForm], pointer: str, section: str) -> Place:
    """Where `pointer` is on the form of a section; the section's own heading where it has no control."""
    for form in forms:
        if isinstance(form, FigureForm):
            for line in form.lines:
                if _within(pointer, line.at):
                    return _in_line(form, line, pointer)
        elif _within(pointer, form.at):
            return _in_item(form, pointer)
    return Place(section)


def _in_line(form: FigureForm, line: Line, pointer: str) -> Place:
    named = (form.title, *line.fixed, *(_chosen(control.value, control.options) for control in line.dimensions))
    item = tuple(name for name in named if name)
    for control in (line.value, line.empty, line.comment, *line.dimensions):
        if control.name == pointer:
            return Place(pointer, item, control.label)
    return Place(line.value.name, item)


def _chosen(value: str, options: Iterable[tuple[str, Text]]) -> Text:
    return next((name for code, name in options if code == value), "")


def _in_item(form: ItemForm, pointer: str) -> Place:
    for control in form.controls:
        if _within(pointer, control.name) or (pointer != form.at and _within(control.name, pointer)):
            return Place(control.name, (form.heading,), control.label)
    for rows in form.rows:
        if _within(pointer, rows.at):
            return _in_rows(form, rows, pointer)
    return Place(form.at, (form.heading,))


def _in_rows(form: ItemForm, rows: Rows, pointer: str) -> Place:
    for row in rows.rows:
        for control in row:
            if _within(pointer, control.name) or (len(pointer) > len(rows.at) and _within(control.name, pointer)):
                return Place(control.name, (form.heading,), control.label)
    return Place(rows.at, (form.heading,), rows.label)


def _within(pointer: str, at: str) -> bool:
    return pointer == at or pointer.startswith(f"{at}/")
