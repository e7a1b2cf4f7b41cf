"""What may be wrong with the statistics of a submission: observations, indicator × dimensions → value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nrem_intake.submissions.domain.catalogue import Catalogue, Codes, IndicatorRule
from nrem_intake.submissions.domain.fields import check_code, check_count, check_text, guard, number, string
from nrem_intake.submissions.domain.figures import Accumulated, add, part_key
from nrem_intake.submissions.domain.refusals import Findings
from nrem_shared.contracts.submissions import OBSERVATION_FIELDS

MOST_OBSERVATIONS = 2000
LONGEST_COMMENT = 2000

#: A number under this code of any dimension needs a comment that says what it is.
OTHER = "OTHER"

_AT = "/observations"
_NO_PART_OF_THE_KEY = OBSERVATION_FIELDS - {"indicator"}


def check_observations(
    found: Findings, items: list[Any], member: str, catalogue: Catalogue, before: Accumulated
) -> None:
    """Check every observation, that no figure is given twice, and that no part exceeds its whole over the quarters."""
    if len(items) > MOST_OBSERVATIONS:
        found.add(_AT, "too_many", limit=str(MOST_OBSERVATIONS), given=str(len(items)))
    items = items[:MOST_OBSERVATIONS]
    seen: dict[frozenset[tuple[str, str]], int] = {}
    for place, item in enumerate(items):
        at = f"{_AT}/{place}"
        if not isinstance(item, dict):
            found.add(at, "malformed", expected="object")
            continue
        _check_comment_text(found, at, item)
        rule = _check_indicator(found, at, item, member, catalogue)
        if rule is None:
            continue
        _check_dimensions(found, at, item, rule, member, catalogue)
        _check_value(found, at, item, rule, catalogue)
        _check_repeated(found, at, item, place, seen)
    _check_parts(found, items, catalogue, before)


def _check_indicator(
    found: Findings, at: str, item: dict[str, Any], member: str, catalogue: Catalogue
) -> IndicatorRule | None:
    code = item.get("indicator")
    if code is None:
        found.add(f"{at}/indicator", "missing")
        return None
    if not isinstance(code, str):
        found.add(f"{at}/indicator", "malformed", expected="text")
        return None
    rule = catalogue.indicators.get(code)
    if rule is None:
        found.add(f"{at}/indicator", "unknown_code", value=code, list="indicator")
        guard(found, f"{at}/indicator", code)
        return None
    if rule.no_longer:
        found.add(f"{at}/indicator", "no_longer_valid", value=code, day=rule.no_longer)
    elif member not in rule.reporters:
        found.add(f"{at}/indicator", "not_reporter", value=code)
    if rule.not_yet:
        found.add(f"{at}/indicator", "not_yet_valid", value=code, day=rule.not_yet)
    return rule


def _check_dimensions(
    found: Findings, at: str, item: dict[str, Any], rule: IndicatorRule, member: str, catalogue: Catalogue
) -> None:
    for dimension, codes in rule.dimensions:
        code = item.get(dimension)
        if codes.routes is None and isinstance(code, str) and code in codes.usable:
            continue  # nearly always, so it comes first
        if code is None:
            found.add(f"{at}/{dimension}", "missing")
            continue
        check_code(found, f"{at}/{dimension}", code, codes)
        if codes.routes is not None and isinstance(code, str) and code in codes.routes:
            _check_route(found, f"{at}/{dimension}", code, codes, member, catalogue)
    if item.keys() <= rule.fields:
        return
    for name in item.keys() - rule.fields:
        found.unknown_field(at, str(name))


def _check_route(found: Findings, at: str, code: str, codes: Codes, member: str, catalogue: Catalogue) -> None:
    """A member reports the counting route that it registers victims on, no other."""
    institution = catalogue.institutions.get(member)
    routes = codes.routes or {}
    if institution is None or routes[code] != institution.counting_route:
        found.add(at, "not_reporter", value=code)


def _check_value(found: Findings, at: str, item: dict[str, Any], rule: IndicatorRule, catalogue: Catalogue) -> None:
    value, empty = item.get("value"), item.get("empty")
    if "value" not in item:
        found.add(f"{at}/value", "missing")
    elif value is None:
        if empty is None:
            found.add(f"{at}/empty", "missing")
        elif string(empty) not in catalogue.empty_kinds:
            found.add(f"{at}/empty", "unknown_code", value=str(empty), list="empty_kind")
    else:
        check_count(found, f"{at}/value", value)
        if empty is not None:
            found.add(f"{at}/empty", "value_and_empty")
    if "value" in item and not item.get("comment") and _needs_comment(item, value, rule):
        found.add(f"{at}/comment", "comment_required")


def _needs_comment(item: Mapping[str, Any], value: Any, rule: IndicatorRule) -> bool:
    if value is None:
        return True
    if OTHER not in item.values() or number(value) <= 0:
        return False
    return any(item.get(dimension) == OTHER for dimension, _ in rule.dimensions)


def _check_comment_text(found: Findings, at: str, item: dict[str, Any]) -> None:
    if item.get("comment") is not None:
        check_text(found, f"{at}/comment", item["comment"], LONGEST_COMMENT, may_be_blank=True)


def _check_repeated(
    found: Findings, at: str, item: dict[str, Any], place: int, seen: dict[frozenset[tuple[str, str]], int]
) -> None:
    """Each figure once: indicator and all dimensions."""
    key = frozenset([(name, str(code)) for name, code in item.items() if name not in _NO_PART_OF_THE_KEY])
    first = seen.setdefault(key, place)
    if first != place:
        found.add(at, "duplicate_key", first=f"{_AT}/{first}")


def _is_dimension(name: object) -> bool:
    return name not in OBSERVATION_FIELDS


def dimensions_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Dimension → code, of the codes that are texts."""
    return {name: code for name, code in item.items() if _is_dimension(name) and isinstance(code, str)}


def _check_parts(found: Findings, items: list[Any], catalogue: Catalogue, before: Accumulated) -> None:
    """Of these registered on the other route: never more than registered at all, from the first quarter on."""
    rows = [
        (place, catalogue.indicators[item["indicator"]], item)
        for place, item in enumerate(items)
        if isinstance(item, dict) and string(item.get("indicator")) in catalogue.parts
    ]
    parts = [row for row in rows if row[1].whole]
    if not parts:
        return
    sums = dict(before)
    for _, rule, item in rows:
        add(sums, catalogue, rule.code, dimensions_of(item), number(item.get("value")))
    for place, rule, item in parts:
        key = part_key(catalogue, rule.code, dimensions_of(item))
        if key is None or rule.whole is None:
            continue
        part, whole = (sums.get((code, rule.code, key), 0) for code in (rule.code, rule.whole))
        if part > whole:
            at = f"{_AT}/{place}/value"
            found.add(at, "parts_exceed_total", parts=str(part), total=str(whole), whole=rule.whole)
