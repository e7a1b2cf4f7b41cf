"""What an installation begins with, from the files of `data/` to the bodies of the HTTP APIs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nrem_embedded.documents import read_document
from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.history import HistoryRecorded
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.plans import LegalDeadlineSet, PlanAdopted, RecommendationRecorded
from nrem_shared.contracts.reference import CodeList, Indicator, Project
from nrem_shared.contracts.reminders import PoliciesAdopted, WorkingCalendarSet
from nrem_shared.runtime.working_days import CALENDAR_LIST

Json = dict[str, Any]

SERIES = "victims"
GROUPS = ("working_group_2017", "working_group_2025")
_YEARS = re.compile(r"^(\d{4})-01-01/P(\d+)Y$")
_ENTRY = ("code", "label", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to in one role of one institution."""

    member: str
    role: str
    address: str
    language: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class InitialData:
    """Bodies as the APIs take them, in the order in which they are sent."""

    reference: tuple[Json, ...]
    institutions: tuple[Json, ...]
    contacts: tuple[Contact, ...]
    plans: tuple[Json, ...]
    history: Json
    deadlines: tuple[Json, ...] = ()
    recommendations: tuple[Json, ...] = ()
    working_calendar: Json = field(default_factory=dict)
    policies: Json = field(default_factory=dict)


def initial_data(data: Path) -> InitialData:
    """Read everything; each body is checked against its contract. Raises pydantic's ValidationError."""
    members = read_document(data / "members.yaml").content
    paths = sorted((data / "plans").glob("*.yaml"), reverse=True)  # an earlier plan refers to the later one
    plans = [read_document(path).content["plan"] for path in paths]
    return InitialData(
        reference=tuple(item.model_dump(mode="json") for item in reference_items(data)),
        institutions=tuple(each.model_dump(mode="json") for each in institutions(members)),
        contacts=contacts(members),
        plans=tuple(PlanAdopted.model_validate(plan).model_dump(mode="json") for plan in plans),
        history=history(read_document(data / "history.yaml").content).model_dump(mode="json"),
        deadlines=tuple(each.model_dump(mode="json") for each in legal_deadlines(data)),
        recommendations=tuple(each.model_dump(mode="json") for each in recommendations(data)),
        working_calendar=_checked(WorkingCalendarSet, data / "working_days.yaml"),
        policies=_checked(PoliciesAdopted, data / "deadlines.yaml"),
    )


def _checked(contract: type[Contract], path: Path) -> Json:
    """A file as it stands; its contract says whether it can be sent."""
    content: Json = read_document(path).content
    contract.model_validate(content)
    return content


def legal_deadlines(data: Path) -> list[LegalDeadlineSet]:
    """What law and standing orders set; the platform's own standing rules are no part of it."""
    given = read_document(data / "deadlines.yaml").content["deadlines"]
    return [LegalDeadlineSet.model_validate(each) for each in given if each["kind"] in ("legal", "information")]


def recommendations(data: Path) -> list[RecommendationRecorded]:
    """The recommendations, each with the title of its block."""
    content = read_document(data / "recommendations.yaml").content
    titles = {each["code"]: each["title"] for each in content["blocks"]}
    return [
        RecommendationRecorded.model_validate({**each, "block_title": titles[each["block"]]})
        for each in content["recommendations"]
    ]


def calendar_list(data: Path) -> CodeList:
    """The days that differ from the plain week, as reference data: services compute working days with it."""
    content = read_document(data / "working_days.yaml").content
    days = [
        *(
            {"code": each["date"], "label": each["name"], "attributes": {"works": False}}
            for each in content["holidays"]
        ),
        *(
            {
                "code": each[name],
                "label": {"lv": "Pārcelta darba diena", "en": "Working day moved by the government"},
                "attributes": {"works": name == "worked"},
            }
            for each in content["moved_days"]
            for name in ("off", "worked")
        ),
    ]
    title = {"lv": "Brīvdienas un pārceltās darba dienas", "en": "Days off and moved working days"}
    return CodeList.model_validate({"code": CALENDAR_LIST, "title": title, "status": "verified", "codes": days})


def reference_items(data: Path) -> list[CodeList | Indicator | Project]:
    """Code lists, indicators and projects."""
    lists = read_document(data / "codelists.yaml").content["codelists"]
    indicators = read_document(data / "indicators.yaml").content
    dimension_lists = indicators["rules"]["dimension_lists"]
    projects = read_document(data / "projects.yaml").content["projects"]
    return [
        *(code_list(code, each) for code, each in lists.items()),
        calendar_list(data),
        *(Indicator.model_validate({**each, "dimension_lists": dimension_lists}) for each in indicators["indicators"]),
        *(Project.model_validate(each) for each in projects),
    ]


def code_list(code: str, given: Mapping[str, Any]) -> CodeList:
    """One code list; the further columns of its codes are kept as attributes."""
    codes = [
        {
            **{name: each[name] for name in _ENTRY if name in each},
            "attributes": {name: value for name, value in each.items() if name not in _ENTRY},
        }
        for each in given["codes"]
    ]
    return CodeList.model_validate({"code": code, "title": given["title"], "status": given["status"], "codes": codes})


def institutions(members: Mapping[str, Any]) -> list[InstitutionRegistered]:
    """All institutions with their memberships; parents stand before those under them."""
    registered = [
        InstitutionRegistered.model_validate(
            {
                **{name: each[name] for name in ("code", "name", "kind", "counting_route", "parent", "language")},
                "abbreviation": each["abbr"],
                "memberships": memberships(members, each["code"]),
            }
        )
        for each in members["institutions"]
    ]
    return sorted(registered, key=lambda each: each.parent is not None)


def memberships(members: Mapping[str, Any], code: str) -> list[Json]:
    """The stretches of one institution's membership, group by group."""
    return [
        {"group": group, "since": each["from"], "until": each["to"], "role": each.get("role", "member")}
        for group in GROUPS
        for each in members[group]["members"]
        if each["institution"] == code
    ]


def contacts(members: Mapping[str, Any]) -> tuple[Contact, ...]:
    """Every contact that has an address."""
    return tuple(
        Contact(each["code"], role, address, each["language"], bool(each["roles"].get("illustrative")))
        for each in members["institutions"]
        for role, address in (each["roles"] or {}).items()
        if role != "illustrative"
    )


def registered(data: Path) -> list[Json]:
    """All institutions as the API takes them."""
    return [each.model_dump(mode="json") for each in institutions(read_document(data / "members.yaml").content)]


def members_of(data: Path, group: str) -> list[str]:
    """Codes of the institutions of a working group today, in the order of the file."""
    content = read_document(data / "members.yaml").content
    return [each["institution"] for each in content[group]["members"] if each["to"] is None]


def history(given: Mapping[str, Any]) -> HistoryRecorded:
    """The yearly figures from before the platform; what belongs to several years together stays together."""
    return HistoryRecorded.model_validate(
        {
            "series": SERIES,
            "figures": [_year(each) for each in given["series"]],
            "ranges": [_range(each) for each in given["ranges"]],
            "breaks": [_break(each) for each in given["series_breaks"]],
        }
    )


def _year(given: Mapping[str, Any]) -> Json:
    names = ("value", "status", "source", "breakdown", "formula", "discrepancy")
    kept = {name: given[name] for name in names if name in given}
    return {**kept, "year": int(given["period"]), "alternative": (given.get("alternative") or {}).get("value")}


def _range(given: Mapping[str, Any]) -> Json:
    match = _YEARS.match(given["period"])
    if match is None:
        raise ValueError(f"{given['period']} is no stretch of years such as 2021-01-01/P3Y")
    first, years = int(match[1]), int(match[2])
    kept = {name: given[name] for name in ("value", "of_whom", "status", "source") if name in given}
    return {**kept, "first_year": first, "last_year": first + years - 1}


def _break(given: Mapping[str, Any]) -> Json:
    after, before = given["between"]
    return {
        "after": int(after),
        "before": int(before),
        "counts_before": given["before"],
        "counts_after": given["after"],
        "text": given["text"],
    }
