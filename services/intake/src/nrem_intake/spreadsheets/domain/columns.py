"""The columns of each section: every field of an item has one; lists have as many as are needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nrem_intake.spreadsheets.domain.book import Column, Kind
from nrem_intake.spreadsheets.domain.choices import (
    EVERYBODY,
    INDICATOR,
    INSTITUTION,
    PLAN_INDICATOR,
    PLAN_RESULT,
    PROJECT,
    Offer,
)


class Words(Protocol):
    """Message id → text, in one language."""

    def __call__(self, identifier: str, /, **parameters: object) -> str:
        """The text."""

    def has(self, identifier: str) -> bool:
        """Whether there is one."""


#: How often the fields of a list are there at least.
LISTS: Mapping[str, Mapping[str, int]] = {
    "activities": {"languages": 6, "first_contact": 3, "partners": 4},
    "plan_progress": {"measured": 2, "evidence": 2},
}

#: Columns that begin so are for reading only.
SHOWN = "="

#: Of a workbook with several quarters and institutions: whose item a row is.
PERIOD, MEMBER = "@period", "@member"


@dataclass(frozen=True, slots=True)
class _Field:
    code: str
    kind: Kind = "text"
    choices: str = ""
    width: int = 14


_TEXT, _TITLE = 44, 30

_FIELDS: Mapping[str, tuple[_Field, ...]] = {
    "activities": (
        _Field("code", width=16),
        _Field("type", "code", "activity_type", 22),
        _Field("title/lv", width=_TITLE),
        _Field("title/en", width=_TITLE),
        _Field("date", "date", width=12),
        _Field("audience", "code", "audience", 24),
        _Field("participants", "count", width=12),
        _Field("reach", "count", width=12),
        _Field("copies", "count", width=12),
        _Field("plan_result", "code", PLAN_RESULT, 24),
        _Field("languages/*", "code", "language", 12),
        _Field("first_contact/*/institution_kind", "code", "institution_kind", 22),
        _Field("first_contact/*/participants", "count", width=12),
        _Field("project_code", "code", PROJECT, 22),
        _Field("project_phase", "code", "project_phase", 12),
        _Field("partners/*", "code", INSTITUTION, 20),
        _Field("initiative_code", width=14),
        _Field("continues", "yes_no", width=12),
        _Field("body/lv", width=_TITLE),
        _Field("body/en", width=_TITLE),
    ),
    "plan_progress": (
        _Field("result", "code", PLAN_RESULT, 34),
        _Field("on_behalf_of", "code", INSTITUTION, 18),
        _Field("=before", "shown", width=18),
        _Field("status", "code", "action_status", 18),
        _Field("delayed", "yes_no", width=12),
        _Field("text/lv", width=_TEXT),
        _Field("text/en", width=_TEXT),
        _Field("measured/*/indicator", "code", PLAN_INDICATOR, 34),
        _Field("measured/*/to_date", "measure", width=12),
        _Field("evidence/*/title/lv", width=_TITLE),
        _Field("evidence/*/title/en", width=_TITLE),
        _Field("evidence/*/kind", "code", "evidence_kind", 14),
        _Field("evidence/*/ref", width=_TITLE),
    ),
    "future_plans": (
        _Field("code", width=16),
        _Field("=announced", "shown", width=_TEXT),
        _Field("outcome", "code", "plan_outcome", 16),
        _Field("text/lv", width=_TEXT),
        _Field("text/en", width=_TEXT),
        _Field("planned_for", width=12),
    ),
    "challenges": (
        _Field("code", width=16),
        _Field("text/lv", width=_TEXT),
        _Field("text/en", width=_TEXT),
        _Field("state", "code", "challenge_state", 14),
    ),
    "funding": (
        _Field("source", "code", "funding_source", 26),
        _Field("purpose", "code", "funding_purpose", 22),
        _Field("amount_eur", "amount", width=14),
        _Field("project_code", "code", PROJECT, 24),
        _Field("plan_result", "code", PLAN_RESULT, 30),
    ),
}


def columns_of(section: str, offer: Offer, repeats: Mapping[str, int], words: Words) -> tuple[Column, ...]:
    """A section's columns; `repeats` says how often the fields of its lists are there."""
    return tuple(
        Column(code, _title(code, field, offer, words), field.kind, field.choices, field.width)
        for field, code in _repeated(_fields(section, offer), repeats)
    )


def kinds_of(section: str, offer: Offer) -> Mapping[str, tuple[Kind, str]]:
    """Column code, with `*` for numbers, → kind and list: what a file's columns may be."""
    return {field.code: (field.kind, field.choices) for field in _fields(section, offer)}


def _title(code: str, field: _Field, offer: Offer, words: Words) -> str:
    """A column's heading; a dimension that no message has a word for is called as its code list."""
    listed = offer.labels.titles.get(field.choices)
    if field.kind != "code" or words.has(f"workbook.field.{code.rpartition('/')[2]}") or isinstance(listed, str | None):
        return title_of(code, words)
    return listed[offer.language]


def title_of(code: str, words: Words) -> str:
    """A column's heading in words: `title/lv`; the code itself where no message has a word for it."""
    parts: list[str] = []
    for part in code.lstrip(SHOWN + "@").split("/"):
        if part.isdecimal():
            parts[-1] = f"{parts[-1]} {int(part) + 1}"
        else:
            known = f"workbook.field.{part}"
            parts.append(words(known) if words.has(known) else part.replace("_", " "))
    title = ", ".join(parts)
    return title[:1].upper() + title[1:]


def general(code: str) -> str:
    """A column's code with `*` in place of numbers."""
    return "/".join("*" if part.isdecimal() else part for part in code.split("/"))


def _fields(section: str, offer: Offer) -> tuple[_Field, ...]:
    whose = (_Field(PERIOD, width=12), _Field(MEMBER, "code", INSTITUTION, 24)) if offer.member == EVERYBODY else ()
    return (*whose, *(_statistics(offer) if section == "observations" else _FIELDS[section]))


def _repeated(fields: tuple[_Field, ...], repeats: Mapping[str, int]) -> list[tuple[_Field, str]]:
    """Fields of one list stand together, place by place."""
    columns: list[tuple[_Field, str]] = []
    done: set[str] = set()
    for field in fields:
        if "*" not in field.code:
            columns.append((field, field.code))
            continue
        name = field.code.partition("/")[0]
        if name not in done:
            done.add(name)
            group = [each for each in fields if each.code.startswith(f"{name}/*")]
            columns += [(e, e.code.replace("*", str(n))) for n in range(repeats.get(name, 1)) for e in group]
    return columns


def _statistics(offer: Offer) -> tuple[_Field, ...]:
    """Indicator, each dimension of the member's indicators, and the figure."""
    lists: dict[str, str] = {}
    for rule in offer.catalogue.indicators.values():
        if offer.reports(rule.code):
            lists.update({dimension: codes.name for dimension, codes in rule.dimensions})
    return (
        _Field("indicator", "code", INDICATOR, 38),
        *(_Field(dimension, "code", name, 20) for dimension, name in lists.items()),
        _Field("value", "count", width=10),
        _Field("empty", "code", "empty_kind", 18),
        _Field("comment", width=_TEXT),
    )
