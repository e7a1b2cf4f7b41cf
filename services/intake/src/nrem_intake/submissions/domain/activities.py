"""What may be wrong with the activities of a submission: campaigns, trainings, joint projects, materials …"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.fields import (
    check_count,
    check_free_code,
    check_institution,
    check_localized,
    check_project,
    check_result,
    code_of,
    flag,
    guard,
    items_of,
    list_of,
    number,
    optional,
    required,
)
from nrem_intake.submissions.domain.refusals import Findings

MOST_ACTIVITIES = 200

JOINT_PROJECT = "JOINT_PROJECT"
MATERIAL = "MATERIAL"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def check_day(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
    """A day of the period, as `2026-09-10`."""
    day = _day(value)
    if day is None:
        found.add(at, "malformed_date")
        if isinstance(value, str):
            guard(found, at, value)
    elif not catalogue.starts <= day <= catalogue.ends:
        found.add(
            at,
            "outside_period",
            value=day.isoformat(),
            first=catalogue.starts.isoformat(),
            last=catalogue.ends.isoformat(),
        )


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or not _DAY.match(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


FIRST_CONTACT = {
    "institution_kind": required(code_of("institution_kind")),
    "participants": required(check_count),
}

ACTIVITY = {
    "code": required(check_free_code),
    "type": required(code_of("activity_type")),
    "title": required(check_localized),
    "date": required(check_day),
    "audience": required(code_of("audience")),
    "participants": optional(check_count),
    "reach": optional(check_count),
    "copies": optional(check_count),
    "languages": list_of(code_of("language"), 100),
    "first_contact": list_of(items_of(FIRST_CONTACT), 100),
    "project_code": optional(check_project),
    "project_phase": optional(code_of("project_phase")),
    "partners": list_of(check_institution, 100),
    "initiative_code": optional(check_free_code),
    "continues": flag(),
    "body": optional(check_localized),
    "plan_result": optional(check_result),
}


def check_activity(found: Findings, at: str, item: dict[str, Any], member: str, catalogue: Catalogue) -> None:
    """What the fields of one activity say together."""
    _check_first_contact(found, at, item)
    if item.get("type") == MATERIAL and not item.get("languages"):
        found.add(f"{at}/languages", "missing")
    if item.get("type") == JOINT_PROJECT:
        _check_project(found, at, item, member, catalogue)


def _check_first_contact(found: Findings, at: str, item: dict[str, Any]) -> None:
    """Attendances by kind of institution never exceed those in all."""
    rows = item.get("first_contact")
    if not isinstance(rows, list):
        return
    parts = sum(number(row.get("participants")) for row in rows if isinstance(row, dict))
    total = number(item.get("participants"))
    if parts > total:
        found.add(f"{at}/first_contact", "parts_exceed_total", parts=str(parts), total=str(total), whole="participants")


def _check_project(found: Findings, at: str, item: dict[str, Any], member: str, catalogue: Catalogue) -> None:
    """A joint project is reported by its lead, with the partners that the register names and its phase."""
    for name in ("project_code", "project_phase"):
        if item.get(name) is None:
            found.add(f"{at}/{name}", "missing")
    code = item.get("project_code")
    project = catalogue.projects.get(code) if isinstance(code, str) else None
    if project is None:
        return
    if project.lead != member:
        found.add(f"{at}/project_code", "not_lead", project=project.code, lead=project.lead)
    partners = item.get("partners", [])
    if isinstance(partners, list) and sorted(map(str, partners)) != sorted(project.partners):
        found.add(f"{at}/partners", "partners_differ", project=project.code, partners=", ".join(project.partners))
