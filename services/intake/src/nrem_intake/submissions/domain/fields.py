"""Kinds of fields and what may be wrong with each, whatever section they stand in.

Every check takes the findings, the place, the value as it was sent (parsed JSON) and the catalogue.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nrem_intake.submissions.domain.catalogue import Catalogue, Codes
from nrem_intake.submissions.domain.refusals import Findings, step
from nrem_shared.contracts.base import PERIOD_PATTERN

Check = Callable[[Findings, str, Any, Catalogue], None]

MAXIMUM_COUNT = 10**9
LONGEST_CODE = 64
LONGEST_TEXT = 4000

_PERIOD = re.compile(PERIOD_PATTERN + r"\Z")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an item. `nullable`: null says the same as leaving it out."""

    check: Check
    required: bool = False
    nullable: bool = True


Shape = Mapping[str, Field]


def required(check: Check) -> Field:
    """A field that has to be there."""
    return Field(check, required=True, nullable=False)


def optional(check: Check) -> Field:
    """A field that may be left out or null."""
    return Field(check)


def flag() -> Field:
    """Yes or no; left out = no."""
    return Field(check_yes_no, nullable=False)


def check_item(found: Findings, at: str, item: Any, shape: Shape, catalogue: Catalogue) -> bool:
    """Check every field of `item`; whether it is an object at all, so that its fields can be looked at further."""
    if not isinstance(item, dict):
        found.add(at, "malformed", expected="object")
        return False
    for name, value in item.items():
        field = shape.get(name)
        if field is None:
            found.unknown_field(at, str(name))
        elif value is not None:
            field.check(found, at + step(name), value, catalogue)
        elif not field.nullable:
            found.add(at + step(name), "missing")
    for name, field in shape.items():
        if field.required and name not in item:
            found.add(at + step(name), "missing")
    return True


def list_of(check: Check, at_most: int) -> Field:
    """A list that may be left out; each of its first `at_most` items is checked."""

    def check_list(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
        if not isinstance(value, list):
            found.add(at, "malformed", expected="list")
            return
        if len(value) > at_most:
            found.add(at, "too_many", limit=str(at_most), given=str(len(value)))
        for place, item in enumerate(value[:at_most]):
            check(found, at + step(place), item, catalogue)

    return Field(check_list, nullable=False)


def items_of(shape: Shape) -> Check:
    """Objects of one shape."""

    def check_shape(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
        check_item(found, at, value, shape, catalogue)

    return check_shape


def code_of(list_name: str) -> Check:
    """A code of a code list, usable in the period."""

    def check_listed(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
        check_code(found, at, value, catalogue.codes(list_name))

    return check_listed


def text_of(longest: int, *, may_be_blank: bool = False) -> Check:
    """A text of at most `longest` characters."""

    def check_bounded(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:  # noqa: ARG001
        check_text(found, at, value, longest, may_be_blank=may_be_blank)

    return check_bounded


def check_text(found: Findings, at: str, value: Any, longest: int, *, may_be_blank: bool = False) -> None:
    """Free text: storable, not too long, without personal data."""
    if not isinstance(value, str):
        found.add(at, "malformed", expected="text")
        return
    if not may_be_blank and not value.strip():
        found.add(at, "missing")
    if len(value) > longest:
        found.add(at, "too_long", limit=str(longest), given=str(len(value)), over=str(len(value) - longest))
    if _UNSTORABLE.search(value):
        found.add(at, "malformed", expected="text")
    guard(found, at, value)


def guard(found: Findings, at: str, value: str) -> None:
    """Refuse personal data; the reader is told of which kind it is and where in the text it begins."""
    found.guard(at, value)


def check_code(found: Findings, at: str, value: Any, codes: Codes) -> None:
    """A code of `codes` that may be used in the period."""
    if not isinstance(value, str):
        found.add(at, "malformed", expected="text")
    elif value in codes.usable:
        return
    elif value in codes.not_yet:
        found.add(at, "not_yet_valid", value=value, day=codes.not_yet[value])
    elif value in codes.no_longer:
        found.add(at, "no_longer_valid", value=value, day=codes.no_longer[value])
    else:
        found.add(at, "unknown_code", value=value, list=codes.name)
        guard(found, at, value)


def known(found: Findings, at: str, value: Any, among: Mapping[str, object], list_name: str) -> None:
    """A code of something that has its own register: a project, an institution, a plan result."""
    if not isinstance(value, str):
        found.add(at, "malformed", expected="text")
    elif value not in among:
        found.add(at, "unknown_code", value=value, list=list_name)
        guard(found, at, value)


def check_institution(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
    """The code of an institution."""
    known(found, at, value, catalogue.institutions, "institution")


def check_project(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
    """The code of a joint project."""
    known(found, at, value, catalogue.projects, "project")


def check_result(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
    """The code of a result of the plan in force."""
    known(found, at, value, catalogue.results, "plan_result")


def check_period(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:  # noqa: ARG001
    """A quarter such as `2026-Q3`."""
    if not isinstance(value, str) or not _PERIOD.match(value):
        found.add(at, "malformed", expected="period")


def check_count(found: Findings, at: str, value: Any, catalogue: Catalogue | None = None) -> None:  # noqa: ARG001
    """A whole number from zero; 3.0 is 3, true is no number."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
        found.add(at, "malformed", expected="count")
    elif value < 0:
        found.add(at, "negative")
    elif value > MAXIMUM_COUNT:
        found.add(at, "too_large", limit=str(MAXIMUM_COUNT))


def check_amount(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:  # noqa: ARG001
    """A number from zero."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
        found.add(at, "malformed", expected="number")
    elif value < 0:
        found.add(at, "negative")
    elif value > MAXIMUM_COUNT:
        found.add(at, "too_large", limit=str(MAXIMUM_COUNT))


def _finite(value: int | float) -> bool:
    return isinstance(value, int) or math.isfinite(value)


def check_yes_no(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:  # noqa: ARG001
    """True or false."""
    if not isinstance(value, bool):
        found.add(at, "malformed", expected="yes_no")


def check_yes_no_or_amount(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
    """Where a plan indicator stands: a number, or true or false for indicators without one."""
    if not isinstance(value, bool):
        check_amount(found, at, value, catalogue)


check_free_code = text_of(LONGEST_CODE)

_LANGUAGES = frozenset({"lv", "en"})


def check_bilingual(found: Findings, at: str, value: Any, longest: int = LONGEST_TEXT) -> None:
    """A text in Latvian, and in English where there is one."""
    if not isinstance(value, dict):
        found.add(at, "malformed", expected="object")
        return
    for name in value.keys() - _LANGUAGES:
        found.unknown_field(at, str(name))
    if value.get("lv") is None:
        found.add(f"{at}/lv", "missing")
    else:
        check_text(found, f"{at}/lv", value["lv"], longest)
    if value.get("en") is not None:
        check_text(found, f"{at}/en", value["en"], longest, may_be_blank=True)


def check_localized(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:  # noqa: ARG001
    """A text in both working languages, as a field of an item."""
    check_bilingual(found, at, value)


def number(value: Any) -> int:
    """The count that `value` stands for in a sum; 0 where it is none, or not one that may be reported."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
        return 0
    return int(value)


def string(value: Any) -> str | None:
    """`value` where it is a text."""
    return value if isinstance(value, str) else None
