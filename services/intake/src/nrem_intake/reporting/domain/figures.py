"""Statistics as a grid: for each indicator that the member reports, the figures of its dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

from nrem_intake.reporting.domain.controls import FigureForm, Line, Option
from nrem_intake.reporting.domain.entries import CELL, PROPOSED, as_typed, stamp
from nrem_intake.reporting.domain.setting import Fields, Setting
from nrem_intake.submissions.domain.catalogue import Codes, IndicatorRule
from nrem_intake.submissions.domain.labels import Text
from nrem_intake.submissions.domain.observations import dimensions_of
from nrem_shared.contracts.submissions import dimension_key

Item = Mapping[str, Any]

#: A grid of at most so many cells is shown whole; of a larger one the lines that are wanted.
MOST_CELLS = 20
#: Lines of a larger grid that are there at least, so that several figures can be typed in at once; with many
#: dimensions a line is a card of its own, and there is one.
_LEAST_LINES, _MANY_DIMENSIONS = 3, 4


class _Places:
    """Places behind those of the draft, for figures that are not in it."""

    def __init__(self, after: int) -> None:
        self._next = after

    def take(self) -> str:
        place, self._next = self._next, self._next + 1
        return f"/observations/{place}"


def figure_forms(items: Iterable[Item], setting: Setting) -> tuple[FigureForm, ...]:
    """The indicators with the most dimensions first; those that only stand in the draft last."""
    standing = list(enumerate(items))
    places = _Places(len(standing))
    by_code: dict[str, list[tuple[int, Item]]] = {}
    for place, item in standing:
        by_code.setdefault(as_typed(item.get("indicator")), []).append((place, item))
    rules = [rule for rule in setting.catalogue.indicators.values() if _asked(rule, setting)]
    rules.sort(key=lambda rule: rule.code, reverse=True)  # registrations before what became of them
    rules.sort(key=lambda rule: len(rule.dimensions), reverse=True)
    forms = [_form(rule, by_code.pop(rule.code, []), setting, places) for rule in rules]
    return (*forms, *(_unasked(code, rows, setting) for code, rows in by_code.items()))


def _asked(rule: IndicatorRule, setting: Setting) -> bool:
    return setting.member in rule.reporters and rule.not_yet is None


def _form(rule: IndicatorRule, given: list[tuple[int, Item]], setting: Setting, places: _Places) -> FigureForm:
    options = {name: _usable(name, codes, setting) for name, codes in rule.dimensions}
    complete = prod(len(each) for each in options.values()) <= MOST_CELLS
    lines = _grid(rule, given, options, setting, places) if complete else _list(rule, given, options, setting, places)
    code = rule.code
    title, about = setting.labels.indicator(code), setting.labels.about.get(code)
    return FigureForm(code, title, about, tuple(options), tuple(lines), complete, setting.history.last_period)


def _unasked(code: str, rows: list[tuple[int, Item]], setting: Setting) -> FigureForm:
    """Figures that the member does not report, or nobody knows: shown so that they can be taken out."""
    names = sorted({name for _, item in rows for name in dimensions_of(item)})
    rule = setting.catalogue.indicators.get(code)
    lists = {name: codes.name for name, codes in rule.dimensions} if rule else {}
    options = {name: setting.options(lists.get(name, name)) for name in names}
    lines = tuple(_open(f"/observations/{place}", code, item, options, setting, filled=True) for place, item in rows)
    title, before = setting.labels.indicator(code), setting.history.last_period
    return FigureForm(code, title, None, tuple(names), lines, complete=False, before=before)


def _usable(dimension: str, codes: Codes, setting: Setting) -> tuple[Option, ...]:
    """Codes of a dimension; of counting routes the member's own."""
    options = setting.options(codes.name)
    if codes.routes is not None:
        institution = setting.catalogue.institutions.get(setting.member)
        own = institution.counting_route if institution else None
        options = tuple(option for option in options if codes.routes.get(option[0]) == own)
    if dimension == "citizenship":
        return setting.by_name(options, first=("LV", "LVNC"))
    return options


def _grid(
    rule: IndicatorRule,
    given: list[tuple[int, Item]],
    options: Mapping[str, tuple[Option, ...]],
    setting: Setting,
    places: _Places,
) -> Iterator[Line]:
    """Every cell, in the order of the code lists; what the draft has beside the grid stays as a line of its own."""
    there = {dimension_key(dimensions_of(item)): (place, item) for place, item in reversed(given)}
    called = _called(rule.code, options, setting)
    used = set()
    for combination in product(*options.values()):
        codes = dict(zip(options, (code for code, _ in combination), strict=True))
        key = dimension_key(codes)
        place, item = there.get(key, (None, {}))
        at = places.take() if place is None else f"/observations/{place}"
        used.add(place)
        hidden = ((f"{at}/{CELL}", f"{rule.code}:{key}"),)
        words = {dimension: name for dimension, (_, name) in zip(options, combination, strict=True)}
        line = _line(at, item, setting, hidden=hidden, last=_last(rule.code, codes, setting), filled=place is not None)
        yield replace(line, fixed=tuple(words.values()), told=_told(words, options, called))
    for place, item in given:
        if place not in used:
            yield _open(f"/observations/{place}", rule.code, item, options, setting, filled=True)


def _list(
    rule: IndicatorRule,
    given: list[tuple[int, Item]],
    options: Mapping[str, tuple[Option, ...]],
    setting: Setting,
    places: _Places,
) -> Iterator[Line]:
    """Lines of the draft, then places that had a figure in the last accepted quarter, then empty ones."""
    there = {dimension_key(dimensions_of(item)) for _, item in given}
    for place, item in given:
        yield _open(f"/observations/{place}", rule.code, item, options, setting, filled=True)
    usable = {name: {code for code, _ in each} for name, each in options.items()}
    before = [
        item.dimensions
        for (code, key), item in setting.history.last_figures.items()
        if code == rule.code and key not in there and _fits(item.dimensions, usable)
    ]
    for codes in before:
        yield _open(places.take(), rule.code, codes, options, setting, filled=False)
    single = {name: each[0][0] for name, each in options.items() if len(each) == 1}
    least = _LEAST_LINES if len(options) < _MANY_DIMENSIONS else 1
    for _ in range(max(1, least - len(given) - len(before))):
        yield _open(places.take(), rule.code, single, options, setting, filled=False)


def _fits(codes: Mapping[str, str], usable: Mapping[str, set[str]]) -> bool:
    return codes.keys() == usable.keys() and all(code in usable[name] for name, code in codes.items())


def _open(
    at: str, indicator: str, item: Item, options: Mapping[str, tuple[Option, ...]], setting: Setting, *, filled: bool
) -> Line:
    """A line whose dimensions are chosen; one that the form proposes counts only once something was entered."""
    fields = Fields(at, item)
    called = _called(indicator, options, setting)
    chosen = tuple(fields.choice(name, each, label=called[name]) for name, each in options.items())
    hidden = ((f"{at}/indicator", indicator),)
    last = _last(indicator, dimensions_of(item), setting)
    line = _line(at, item, setting, hidden=hidden, last=last, filled=filled)
    words = {name: dict(one.options)[one.value] for name, one in zip(options, chosen, strict=True) if one.value}
    line = replace(line, dimensions=chosen, told=_told(words, options, called) if len(words) == len(options) else ())
    if filled:
        return line
    mark = (f"{at}/{PROPOSED}", stamp("observations", line.posted()))
    return replace(line, hidden=(*hidden, mark))


def _called(indicator: str, dimensions: Iterable[str], setting: Setting) -> dict[str, Text]:
    """What the dimensions of an indicator are called."""
    rule = setting.catalogue.indicators.get(indicator)
    lists = {name: codes.name for name, codes in rule.dimensions} if rule else {}
    return {name: setting.labels.dimension(name, lists.get(name, name)) for name in dimensions}


def _told(
    words: Mapping[str, Text], options: Mapping[str, tuple[Option, ...]], called: Mapping[str, Text]
) -> tuple[tuple[Text, Text], ...]:
    """What a line is about; a word that several dimensions have, such as `not known`, with the dimension's name."""
    lists = [[text for _, text in each] for each in options.values()]
    return tuple(
        (called[name] if sum(word in each for each in lists) > 1 else "", word) for name, word in words.items()
    )


def _line(
    at: str,
    item: Item,
    setting: Setting,
    *,
    hidden: tuple[tuple[str, str], ...],
    last: str,
    filled: bool,
) -> Line:
    fields = Fields(at, item)
    kinds = setting.labels.lists.get("empty_kind", {})
    empty = [(code, kinds.get(code, code)) for code in kinds if code in setting.catalogue.empty_kinds]
    return Line(
        at,
        fixed=(),
        dimensions=(),
        value=fields.control("value", "count"),
        empty=fields.choice("empty", empty),
        comment=fields.control("comment", "text"),
        hidden=hidden,
        last=last,
        filled=filled,
    )


def _last(indicator: str, codes: Mapping[str, str], setting: Setting) -> str:
    """The figure of the last accepted quarter: a number, or the kind of empty."""
    found = setting.history.last_figures.get((indicator, dimension_key(dict(codes))))
    if found is None:
        return ""
    return as_typed(found.value) if found.value is not None else (found.empty or "")
