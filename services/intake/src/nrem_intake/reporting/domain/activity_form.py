"""The form of an activity: fields that its type asks for, and whatever else was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nrem_intake.reporting.domain.controls import Control, ItemForm, Option, Rows
from nrem_intake.reporting.domain.entries import as_typed
from nrem_intake.reporting.domain.history import JOINT_PROJECT
from nrem_intake.reporting.domain.setting import Fields, Setting
from nrem_intake.submissions.domain.content_view import Detail
from nrem_intake.submissions.domain.labels import both

Item = Mapping[str, Any]

#: Type → fields beyond those that every activity has.
_BY_TYPE = {
    "CAMPAIGN": ("reach",),
    "TRAINING": ("participants", "first_contact"),
    JOINT_PROJECT: ("project_code", "project_phase"),
    "LEGISLATIVE": ("initiative_code", "continues"),
    "MATERIAL": ("copies", "languages"),
    "EVENT": ("participants", "reach"),
    "REPRESENTATION": ("body",),
}
_OTHERWISE = ("participants",)
_SPECIAL = (
    "project_code", "project_phase", "participants", "reach", "copies", "languages", "first_contact",
    "initiative_code", "continues", "body", "partners",
)  # fmt: skip


def activity_form(at: str, item: Item, setting: Setting) -> ItemForm:
    """One activity; partners of a joint project are those of the register, so that only others are asked for."""
    fields, kind = Fields(at, item), as_typed(item.get("type"))
    asked = {*_BY_TYPE.get(kind, _OTHERWISE), *(() if kind == JOINT_PROJECT else ("partners",))}
    shown = [name for name in _SPECIAL if name in asked or item.get(name)]
    controls: list[Control] = [
        fields.choice("type", setting.options("activity_type"), required=True, hint="report.hint.type"),
        *fields.bilingual("title", "text", required=True),
        fields.control("date", "date", required=True),
        fields.choice("audience", setting.options("audience"), required=True),
    ]
    for name in shown:
        controls += _special(name, fields, setting)
    controls.append(fields.choice("plan_result", setting.results))
    carried = kind == JOINT_PROJECT and as_typed(item.get("project_code")) in setting.history.projects
    code = as_typed(item.get("code"))
    return ItemForm(
        at,
        _heading(item),
        tuple(controls),
        rows=(_first_contact(fields, setting),) if "first_contact" in shown else (),
        hidden=((f"{at}/code", code),) if code else (),
        before=_before(as_typed(item.get("project_code")), setting) if carried else (),
        carried=carried,
    )


def activity_proposals(items: list[Item], setting: Setting) -> list[Item]:
    """Joint projects that did not end: the same again, without the day."""
    there = {as_typed(item.get("project_code")) for item in items}
    taken = [as_typed(item.get("code")) for item in items]
    found: list[Item] = []
    for project, last in setting.history.projects.items():
        if project in there:
            continue
        code = next(c for n in range(1, 10_000) if (c := f"{setting.period}-{setting.member}-{n}") not in taken)
        taken.append(code)
        item = last.model_dump(mode="json", exclude_defaults=True, exclude={"date", "continues"})
        found.append({**item, "code": code, "project_phase": "running"})
    return found


def _before(project: str, setting: Setting) -> tuple[Detail, ...]:
    last = setting.history.projects[project]
    phase = setting.labels.code("project_phase", last.project_phase or "")
    return (both(last.title), phase, ("content.date", last.date))


def _heading(item: Item) -> Any:
    title = item.get("title")
    if not isinstance(title, Mapping):
        return ""
    lv, en = as_typed(title.get("lv")), as_typed(title.get("en"))
    return {"lv": lv or en, "en": en or lv}


def _special(name: str, fields: Fields, setting: Setting) -> tuple[Control, ...]:
    """The controls of a field that not every activity has; rows are shown apart."""
    match name:
        case "participants" | "reach" | "copies":
            return (fields.control(name, "count"),)
        case "project_code":
            return (fields.choice(name, setting.projects, required=True, hint="report.hint.project"),)
        case "project_phase":
            return (fields.choice(name, setting.options("project_phase"), required=True),)
        case "initiative_code":
            return (fields.control(name, "text", hint="report.hint.initiative"),)
        case "continues":
            return (fields.control(name, "flag"),)
        case "body":
            return fields.bilingual(name, "text")
        case "languages":
            return (fields.choices(name, setting.options("language")),)
        case "partners":
            return (fields.choices(name, _institutions(setting)),)
    return ()


def _institutions(setting: Setting) -> tuple[Option, ...]:
    others = (code for code in setting.catalogue.institutions if code != setting.member)
    return setting.by_name((code, setting.labels.member(code)) for code in others)


def _first_contact(fields: Fields, setting: Setting) -> Rows:
    at, rows = f"{fields.at}/first_contact", []
    for place, row in enumerate([*fields.rows("first_contact"), {}]):
        one = Fields(f"{at}/{place}", row)
        kind = one.choice("institution_kind", setting.options("institution_kind"))
        rows.append((kind, one.control("participants", "count")))
    return Rows(at, "report.rows.first_contact", tuple(rows), "report.rows.first_contact.hint")
