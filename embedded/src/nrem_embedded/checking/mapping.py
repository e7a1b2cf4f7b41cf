"""Where each leaf of an `expected` block stands in the answers of statistics and plan-tracker.

Statistics answers `GET /statistics/api/quarters/{period}`, plan-tracker `GET /plan/api/periods/{period}/progress`.

Paths are written with dots. `*` stands for one code, the same on both sides. A row of a list is named by its codes:
`cells_route_form.CRIM_PROC/LABOUR.value`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: Lists of rows → the fields that name a row.
ROWS: Mapping[str, tuple[str, ...]] = {"cells_route_form": ("registering_route", "form_of_exploitation")}

_SUBMISSIONS = (
    "expected",
    "accepted",
    "pending",
    "returned",
    "missing",
    "first_version_late",
    "returned_once",
    "nothing_to_report",
)
_VICTIMS = ("sum_of_routes", "on_both_routes", "deduplicated")
_VICTIMS_BY = (
    "by_route",
    "deduplicated_by_status",
    "by_status",
    "by_form",
    "by_sex",
    "by_age_group",
    "by_citizenship_group",
    "by_organisation",
)
_INDICATORS = {
    "confirmed_later": "VICT_CONFIRMED",
    "proceedings_new": "PROC_NEW",
    "proceedings_open": "PROC_OPEN",
    "suspected": "SUSP",
    "prosecuted": "PROS",
    "convicted": "CONV",
    "service_new": "SERV_NEW",
    "service_active": "SERV_ACTIVE",
    "over_180_days": "SERV_OVER_180",
    "extensions_granted": "SERV_EXT_GRANTED",
}
_INDICATORS_BY = {
    "referred_to": ("VICT_REFERRED", "destination"),
    "prosecution_decisions": ("PROS_DEC", "charge_decision"),
    "judgments": ("JUDG", "court_outcome"),
}
_ACTIVITIES = (
    "campaigns",
    "trainings",
    "training_participants",
    "joint_projects_started",
    "joint_projects_running",
    "legislative_initiatives",
    "materials",
    "material_copies",
    "events",
    "research",
    "representations",
)

#: Expected → answered, for the victims of a quarter; a figure's number is its `value`.
VICTIMS: Mapping[str, str] = {
    **{f"victims.{name}": f"victims.{name}.value" for name in _VICTIMS},
    **{f"victims.{name}.*": f"victims.{name}.*.value" for name in _VICTIMS_BY},
}

#: Expected → answered, for `as_first_accepted`.
FIRST_ACCEPTED: Mapping[str, str] = {
    "known_on": "known_on",
    **{f"submissions.{name}": f"submissions.{name}" for name in _SUBMISSIONS},
    **VICTIMS,
    "cells_route_form.*.registering_route": "cells_route_form.*.registering_route",
    "cells_route_form.*.form_of_exploitation": "cells_route_form.*.form_of_exploitation",
    "cells_route_form.*.value": "cells_route_form.*.value",
    "cells_route_form.*.small": "cells_route_form.*.small",
    **{name: f"indicators.{code}.sum_of_reports.value" for name, code in _INDICATORS.items()},
    **{f"{name}.*": f"indicators.{code}.by.{by}.*.value" for name, (code, by) in _INDICATORS_BY.items()},
    **{f"article_18a.{part}": f"indicators.A18A_{part}.sum_of_reports.value" for part in ("SUSP", "PROS", "CONV")},
    **{f"activities.{name}": f"activities.{name}.value" for name in _ACTIVITIES},
    "activities.first_contact_trained.*": "activities.first_contact_trained.*.value",
    "funding_eur.source.*": "funding_eur.source.*",
    "funding_eur.purpose.*": "funding_eur.purpose.*",
    "explicit_zeros": "explicit_zeros",
    "empties.*": "empties.*",
}

#: Expected → answered, for `plan_tracker`: what the members say of the plan's results.
PLAN_TRACKER: Mapping[str, str] = {
    name: name
    for name in (
        "known_on",
        "self_assessments.*.*",
        "counts_by_status.*",
        "completed_without_evidence",
        "unreported_results",
    )
}

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a document and the way to it."""

    path: Path
    value: Any

    @property
    def name(self) -> str:
        """The path as it is shown."""
        return ".".join(self.path)


def leaves(content: Any, path: Path = ()) -> Iterable[Leaf]:
    """Every value in a document; a list of plain values is one value, a list of rows is a row each."""
    if isinstance(content, Mapping):
        for name, value in content.items():
            yield from leaves(value, (*path, str(name)))
    elif path and path[-1] in ROWS and isinstance(content, list):
        yield from leaves(rows(path[-1], content), path)
    else:
        yield Leaf(path, content)


def rows(name: str, content: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """A list of rows by the codes that name each."""
    return {"/".join(str(row[field]) for field in ROWS[name]): row for row in content}


def answered_path(table: Mapping[str, str], path: Path) -> Path | None:
    """Where the answer has what is expected at `path`; null where the table does not know it."""
    for expected, answered in table.items():
        codes = _matched(tuple(expected.split(".")), path)
        if codes is not None:
            given = iter(codes)
            return tuple(next(given) if part == "*" else part for part in answered.split("."))
    return None


def groups(table: Mapping[str, str]) -> Iterable[tuple[Path, Path]]:
    """(expected, answered) places of codes: what the answer has there must all be expected.

    A place may itself lie under a code, written `*`.
    """
    return dict.fromkeys(
        pair for expected, answered in table.items() for pair in zip(_places(expected), _places(answered), strict=True)
    )


def _places(pattern: str) -> list[Path]:
    parts = tuple(pattern.split("."))
    return [parts[:place] for place, part in enumerate(parts) if part == "*"]


def _matched(pattern: Path, path: Path) -> tuple[str, ...] | None:
    if len(pattern) != len(path):
        return None
    if any(part not in ("*", given) for part, given in zip(pattern, path, strict=True)):
        return None
    return tuple(given for part, given in zip(pattern, path, strict=True) if part == "*")
