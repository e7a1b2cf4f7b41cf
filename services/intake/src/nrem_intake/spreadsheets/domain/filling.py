"""What stands in a workbook's rows: what was reported already, what goes on from before, and room for more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

from nrem_intake.reporting.domain.history import History
from nrem_intake.spreadsheets.domain.book import Column, Row, Value
from nrem_intake.spreadsheets.domain.choices import EVERYBODY, INDICATOR, Offer
from nrem_intake.spreadsheets.domain.columns import general, kinds_of
from nrem_intake.submissions.domain.catalogue import IndicatorRule
from nrem_shared.contracts.submissions import SubmissionContent

#: Row by row what it holds as plain values: codes, ISO days, numbers.
Given = Mapping[str, Any]

#: Empty rows at the end of a section.
SPARE: Mapping[str, int] = {"activities": 20, "plan_progress": 4, "future_plans": 10, "challenges": 8, "funding": 15}

#: An indicator with at most so many combinations of codes has a row for each of them; others have so many empty rows.
MOST_COMBINATIONS = 20
_SPARE_FIGURES = 10

_FIGURE = frozenset({"value", "empty", "comment"})


def flat(document: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """An item as column code → value: nested fields and lists by their places. Null is not there."""
    if isinstance(document, Mapping):
        for name, value in document.items():
            yield from flat(value, f"{at}/{name}" if at else str(name))
    elif isinstance(document, list | tuple):
        for place, value in enumerate(document):
            yield from flat(value, f"{at}/{place}")
    elif document is not None and document is not False and document != "":
        yield at, document


def reported(section: str, content: SubmissionContent) -> list[dict[str, Any]]:
    """The items of a section, flat. `to_date` false is an answer; other flags that are false are left out."""
    rows = []
    for item in content.model_dump(mode="json")[section]:
        row = dict(flat(item))
        for place, measure in enumerate(item.get("measured", ())):
            row[f"measured/{place}/to_date"] = measure["to_date"]
        rows.append(row)
    return rows


def rows_of(section: str, offer: Offer, content: SubmissionContent, history: History) -> list[Row]:
    """All rows of a section with plain values; `shown` turns codes into names."""
    given = reported(section, content)
    make: Callable[..., Iterable[Row]] = _SECTIONS[section]
    return list(make(offer, given, history))


def shown(section: str, offer: Offer, columns: Iterable[Column], rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows as people see them: names for codes, words for yes and no, days as days."""
    kinds = kinds_of(section, offer)
    present = {column.code for column in columns}
    found = []
    for row in rows:
        cells: dict[str, Value] = {}
        for code, value in row.cells.items():
            kind, choices = kinds[general(code)]
            cells[code] = _value(offer, kind, choices, value)
        closed = frozenset(row.closed & present)
        found.append(replace(row, cells=cells, closed=closed))
    return tuple(found)


def _value(offer: Offer, kind: str, choices: str, value: Any) -> Value:
    if kind == "code":
        known = {choice.code: choice.label for choice in offer.offered(choices)}
        return known.get(str(value)) or offer.label(choices, str(value))
    if isinstance(value, bool):
        return offer.yes_no[0] if value else offer.yes_no[1]
    if kind == "date":
        return date.fromisoformat(str(value))
    found: Value = value
    return found


def issued(cells: Given, *locked: str, also: Given | None = None) -> Row:
    """A row that counts only once more is added to it; `also` is shown and not taken."""
    return Row({**cells, **(also or {})}, dict(cells), frozenset(locked))


def _activities(offer: Offer, given: list[dict[str, Any]], history: History) -> Iterator[Row]:
    yield from map(Row, given)
    period = offer.catalogue.period
    codes = _free(f"{period}-{offer.member}-", {str(row.get("code")) for row in given})
    known = {row.get("project_code") for row in given}
    for project in history.projects.values():
        if project.project_code not in known:
            kept = {"type", "title", "audience", "project_code", "partners", "plan_result"}
            cells = dict(flat(project.model_dump(mode="json", include=kept)))
            yield issued({"code": next(codes), **cells})
    yield from _spare("activities", codes)


def _plan_progress(offer: Offer, given: list[dict[str, Any]], history: History) -> Iterator[Row]:
    for row in given:
        yield _measured(offer, Row(row), row)
    known = {(row.get("result"), row.get("on_behalf_of")) for row in given}
    for result, body in _responsible(offer):
        if (result, body) in known:
            continue
        cells = {"result": result, **({"on_behalf_of": body} if body else {})}
        before = history.progress.get((result, body))
        also = {"=before": offer.label("action_status", before.status)} if before else {}
        yield _measured(offer, issued(cells, *cells, also=also), cells)
    yield from _spare("plan_progress")


def _measured(offer: Offer, row: Row, given: Given) -> Row:
    """With the indicators of the plan result that are not measured yet."""
    rule = offer.catalogue.results.get(str(given.get("result")))
    there = [value for code, value in given.items() if general(code) == "measured/*/indicator"]
    missing = sorted(rule.indicators.difference(there)) if rule else []
    more = {f"measured/{place}/indicator": code for place, code in enumerate(missing, len(there))}
    return Row({**row.cells, **more}, {**row.issued, **more}, row.locked)


def _responsible(offer: Offer) -> list[tuple[str, str | None]]:
    """Plan results that the member answers for, or a body under it that reports none of its own."""
    bodies: list[tuple[str, str | None]] = [(offer.member, None)]
    bodies += [(code, code) for code, each in offer.catalogue.institutions.items() if each.parent == offer.member]
    return [
        (result, behalf)
        for result, rule in offer.catalogue.results.items()
        for body, behalf in bodies
        if body in rule.bodies and body not in (offer.reporting if behalf else ())
    ]


def _future_plans(offer: Offer, given: list[dict[str, Any]], history: History) -> Iterator[Row]:
    yield from map(Row, given)
    known = {str(row.get("code")) for row in given}
    for plan in history.plans.values():
        if plan.code not in known:
            text = plan.text.model_dump() if plan.text else {}
            told = text.get(offer.language) or text.get("lv") or ""
            also = {"=announced": f"{told} ({plan.planned_for})" if plan.planned_for else told}
            yield issued({"code": plan.code}, "code", also=also)
    yield from _spare("future_plans", _free(f"FP-{offer.member}-", known | history.codes))


def _challenges(offer: Offer, given: list[dict[str, Any]], history: History) -> Iterator[Row]:
    yield from map(Row, given)
    known = {str(row.get("code")) for row in given}
    for challenge in history.challenges.values():
        if challenge.code not in known:
            cells = dict(flat(challenge.model_dump(mode="json", include={"code", "text"})))
            yield issued(cells, "code")
    yield from _spare("challenges", _free(f"CH-{offer.member}-", known | history.codes))


def _funding(offer: Offer, given: list[dict[str, Any]], history: History) -> Iterator[Row]:  # noqa: ARG001
    yield from map(Row, given)
    yield from _spare("funding")


def _spare(section: str, codes: Iterator[str] | None = None) -> Iterator[Row]:
    for _ in range(SPARE[section]):
        yield issued({"code": next(codes)}) if codes else Row()


def _free(beginning: str, taken: set[str] | frozenset[str]) -> Iterator[str]:
    """Codes that nothing has yet, counted up behind the highest one taken."""
    numbers = [int(code[len(beginning) :]) for code in taken if _numbered(code, beginning)]
    number = max(numbers, default=0)
    while True:
        number += 1
        yield f"{beginning}{number}"


def _numbered(code: str, beginning: str) -> bool:
    rest = code.removeprefix(beginning)
    return code.startswith(beginning) and rest.isascii() and rest.isdecimal() and len(rest) < 7


def _observations(offer: Offer, given: list[dict[str, Any]], history: History) -> Iterator[Row]:
    """Indicator by indicator: what was reported, every combination where there are few, else the last quarter's."""
    every = {name for rule in offer.catalogue.indicators.values() for name in rule.dimension_names}
    offered = [choice.code for choice in offer.offered(INDICATOR)]
    rules = [offer.catalogue.indicators[code] for code in offered]
    for row in given:  # in the order in which it was reported
        rule = offer.catalogue.indicators.get(str(row["indicator"]))
        yield Row(row, closed=frozenset(every - rule.dimension_names if rule else ()))
    there = [_dimensions(row) for row in given]
    before = [_dimensions(each.model_dump(mode="json", exclude_none=True)) for each in history.last.observations]
    for rule in rules:
        closed = frozenset(every - rule.dimension_names)
        for cells in _combinations(offer, rule, before):
            if cells not in there:
                yield replace(issued(cells, *cells), closed=closed)
        if _many(offer, rule):
            single = _single(offer, rule)
            for _ in range(_SPARE_FIGURES):
                yield replace(issued({"indicator": rule.code, **single}, "indicator", *single), closed=closed)


def _dimensions(row: Given) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _FIGURE}


def _combinations(offer: Offer, rule: IndicatorRule, before: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The rows of an indicator whose codes are known beforehand."""
    if _many(offer, rule):
        usable = {name: {each.code for each in offer.offered(codes.name)} for name, codes in rule.dimensions}
        return [
            row
            for row in before
            if row.get("indicator") == rule.code and all(row.get(name) in codes for name, codes in usable.items())
        ]
    lists = [[(name, each.code) for each in offer.offered(codes.name)] for name, codes in rule.dimensions]
    return [{"indicator": rule.code, **dict(codes)} for codes in product(*lists)]


def _many(offer: Offer, rule: IndicatorRule) -> bool:
    number = 1
    for _, codes in rule.dimensions:
        number *= len(offer.offered(codes.name))
    return number > MOST_COMBINATIONS or offer.member == EVERYBODY


def _single(offer: Offer, rule: IndicatorRule) -> dict[str, str]:
    """Dimensions in which there is nothing to choose."""
    offered = {name: offer.offered(codes.name) for name, codes in rule.dimensions}
    return {name: choices[0].code for name, choices in offered.items() if len(choices) == 1}


_SECTIONS: Mapping[str, Callable[[Offer, list[dict[str, Any]], History], Iterable[Row]]] = {
    "observations": _observations,
    "activities": _activities,
    "plan_progress": _plan_progress,
    "future_plans": _future_plans,
    "challenges": _challenges,
    "funding": _funding,
}
