"""What a change of reference data means for the forms of open quarters, by the rule that validation goes by. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nrem_intake.submissions.domain.catalogue import Catalogue, IndicatorRule, build_catalogue
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.reference import CodeList, Indicator, Project

Item = CodeList | Indicator | Project


@dataclass(frozen=True, slots=True)
class Reference:
    """Code lists, indicators and institutions as they stand."""

    codelists: Sequence[CodeList]
    indicators: Sequence[Indicator]
    institutions: Sequence[InstitutionRegistered]


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to the forms of `members` in the open quarter `period`.

    `joins` and `leaves`: the indicator is asked, or asked no more; of a code list its `codes` can be chosen, or no
    more. `differs`: the indicator is asked with other divisions. `members` of a code list are those whose statistics
    are divided by it.
    """

    period: str
    what: Literal["joins", "leaves", "differs"]
    members: tuple[str, ...]
    codes: tuple[str, ...] = ()


def divided_by(codelist: str, indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """The indicators of which a dimension takes codes of the list."""
    return tuple(each for each in indicators if codelist in map(each.list_of, each.dimensions))


def effects(item: Item, known: Reference, owing: Mapping[str, Sequence[str]]) -> tuple[Effect, ...]:
    """What setting `item` means for open quarters; `owing` = open quarter → who owes a report for it."""
    found: list[Effect] = []
    if isinstance(item, Project):
        return ()
    for period, owes in owing.items():
        before, after = _catalogue(period, known), _catalogue(period, _with(known, item))
        if isinstance(item, CodeList):
            found += _of_codes(period, item.code, before, after, owes)
        else:
            found += _of_indicator(period, item.code, before, after, owes)
    return tuple(found)


def held_by(
    item: Item, found: Iterable[Effect], indicators: Iterable[Indicator]
) -> tuple[tuple[str, dict[str, str]], ...]:
    """What drafts may hold of it that their forms would no longer take: quarter, field of a figure with its code."""
    touched = [each for each in found if each.what != "joins"]
    if isinstance(item, Indicator):
        return tuple((period, {"indicator": item.code}) for period in dict.fromkeys(each.period for each in touched))
    using = divided_by(item.code, indicators)
    names = dict.fromkeys(name for each in using for name in each.dimensions if each.list_of(name) == item.code)
    return tuple((each.period, {name: code}) for each in touched for name in names for code in each.codes)


def together(found: Iterable[Effect]) -> tuple[tuple[tuple[str, ...], Effect], ...]:
    """Effects that are the same in several quarters once, with those quarters."""
    quarters: dict[Effect, list[str]] = {}
    for each in found:
        quarters.setdefault(replace(each, period=""), []).append(each.period)
    return tuple((tuple(periods), one) for one, periods in quarters.items())


def _of_codes(period: str, name: str, before: Catalogue, after: Catalogue, owes: Sequence[str]) -> Iterable[Effect]:
    if name not in before.lists:
        return  # no form asks for codes of a list that was not there
    old, new = before.codes(name).usable, after.codes(name).usable
    rules = [rule for rule in after.indicators.values() if name in {codes.name for _, codes in rule.dimensions}]
    members = tuple(member for member in owes if any(_asked(rule, member) for rule in rules))
    if new - old:
        yield Effect(period, "joins", members, tuple(sorted(new - old)))
    if old - new:
        yield Effect(period, "leaves", members, tuple(sorted(old - new)))


def _of_indicator(period: str, code: str, before: Catalogue, after: Catalogue, owes: Sequence[str]) -> Iterable[Effect]:
    old, new = before.indicators.get(code), after.indicators[code]
    were = {member for member in owes if old and _asked(old, member)}
    are = {member for member in owes if _asked(new, member)}
    if joining := [member for member in owes if member in are - were]:
        yield Effect(period, "joins", tuple(joining))
    if leaving := [member for member in owes if member in were - are]:
        yield Effect(period, "leaves", tuple(leaving))
    both = [member for member in owes if member in were & are]
    if both and old and _divisions(old) != _divisions(new):
        yield Effect(period, "differs", tuple(both))


def _asked(rule: IndicatorRule, member: str) -> bool:
    return member in rule.reporters and rule.not_yet is None


def _divisions(rule: IndicatorRule) -> list[tuple[str, str]]:
    return [(dimension, codes.name) for dimension, codes in rule.dimensions]


def _with(known: Reference, item: CodeList | Indicator) -> Reference:
    if isinstance(item, CodeList):
        others = [each for each in known.codelists if each.code != item.code]
        return Reference([*others, item], known.indicators, known.institutions)
    rest = [each for each in known.indicators if each.code != item.code]
    return Reference(known.codelists, [*rest, item], known.institutions)


def _catalogue(period: str, known: Reference) -> Catalogue:
    return build_catalogue(
        period,
        codelists=known.codelists,
        indicators=known.indicators,
        projects=(),
        institutions=known.institutions,
        results=(),
    )
