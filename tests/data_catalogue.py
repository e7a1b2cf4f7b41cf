"""Reference data of `data/` as the contracts' objects, and the catalogue of a period built from them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nrem_intake.submissions.domain.catalogue import Catalogue, build_catalogue
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.plans import PlanAdopted
from nrem_shared.contracts.reference import CodeList, Indicator, Project

DATA = Path(__file__).resolve().parent.parent / "data"
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")
_ENTRY_FIELDS = {"code", "label", "valid_from", "valid_to"}


@cache
def load(name: str) -> Any:
    """A YAML file of `data/`, parsed; treat it as read-only."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


@cache
def codelists() -> tuple[CodeList, ...]:
    return tuple(
        CodeList.model_validate(
            {
                "code": code,
                "title": item["title"],
                "status": item["status"],
                "codes": [
                    {
                        **{k: v for k, v in entry.items() if k in _ENTRY_FIELDS},
                        "attributes": {k: v for k, v in entry.items() if k not in _ENTRY_FIELDS},
                    }
                    for entry in item["codes"]
                ],
            }
        )
        for code, item in load("codelists.yaml")["codelists"].items()
    )


@cache
def indicators() -> tuple[Indicator, ...]:
    document = load("indicators.yaml")
    lists = document["rules"]["dimension_lists"]
    return tuple(
        Indicator.model_validate({**item, "dimension_lists": {d: lists[d] for d in item["dimensions"] if d in lists}})
        for item in document["indicators"]
    )


@cache
def projects() -> tuple[Project, ...]:
    return tuple(Project.model_validate(item) for item in load("projects.yaml")["projects"])


@cache
def institutions() -> tuple[InstitutionRegistered, ...]:
    return tuple(
        InstitutionRegistered.model_validate({**item, "abbreviation": item["abbr"]})
        for item in load("members.yaml")["institutions"]
    )


@cache
def plan() -> PlanAdopted:
    return PlanAdopted.model_validate(load("plans/2025-2027.yaml")["plan"])


@cache
def catalogue(period: str) -> Catalogue:
    return build_catalogue(
        period,
        codelists=codelists(),
        indicators=indicators(),
        projects=projects(),
        institutions=institutions(),
        results=plan().results,
    )


def is_working_day(day: date) -> bool:
    """By `data/working_days.yaml`: no weekend, no holiday, no day off; or a Saturday that is worked."""
    calendar = load("working_days.yaml")
    off = {item["date"] for item in calendar["holidays"]} | {item["off"] for item in calendar["moved_days"]}
    worked = {item["worked"] for item in calendar["moved_days"]}
    return str(day) in worked or (day.weekday() < 5 and str(day) not in off)


def add_working_days(day: date, days: int) -> date:
    """The `days`-th working day after `day`."""
    while days:
        day = date.fromordinal(day.toordinal() + 1)
        days -= is_working_day(day)
    return day
