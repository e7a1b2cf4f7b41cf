"""What may be reported for a period: codes, indicators, projects, institutions and plan results, ready to look up."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from nrem_intake.submissions.domain.authors import Authors
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.plans import PlanResult
from nrem_shared.contracts.reference import CodeList, CodeListEntry, Indicator, Project
from nrem_shared.contracts.submissions import OBSERVATION_FIELDS
from nrem_shared.runtime.personal_data import ALLOWED_CONTACTS, NOTHING_ALLOWED, Allowed


def first_day(period: str) -> date:
    """The first day of a quarter such as `2026-Q3`."""
    return date(int(period[:4]), int(period[-1]) * 3 - 2, 1)


def last_day(period: str) -> date:
    """The last day of a quarter such as `2026-Q3`."""
    year, month = int(period[:4]), int(period[-1]) * 3
    return date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one list. `usable` in the period; `not_yet` and `no_longer` valid with the day that says so.

    `routes` (code → counting route of an institution) is there for lists whose codes belong to a route; null = to
    nobody.
    """

    name: str
    usable: frozenset[str] = frozenset()
    not_yet: Mapping[str, str] = field(default_factory=dict)
    no_longer: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """How an indicator may be reported in the period.

    `not_yet` is the day from which it is valid, where the period ends before; `no_longer` the last day on which it was,
    where the period begins later: then nobody reports it. `whole` names the indicator of which this
    one counts a part, added up from the first quarter on. `fields` are all that an observation of it may have.
    """

    code: str
    reporters: frozenset[str]
    dimensions: tuple[tuple[str, Codes], ...]
    dimension_names: frozenset[str]
    fields: frozenset[str]
    not_yet: str | None = None
    no_longer: str | None = None
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class Institution:
    """What validation needs of an institution."""

    parent: str | None
    counting_route: str
    sign_off: bool = False
    reports_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultRule:
    """What validation needs of a plan result: who answers for it and what shows that it is reached."""

    bodies: frozenset[str]
    indicators: frozenset[str]


@dataclass(frozen=True)
class Catalogue:
    """Everything a submission of `period` may refer to. Built once per version of the reference data, then only read.

    `parts` says for an indicator which cumulative parts it is, or is the whole of: a part never exceeds its whole.
    `allowed` are contacts of institutions and helplines: they may stand in free text.
    """

    period: str
    starts: date
    ends: date
    lists: Mapping[str, Codes]
    indicators: Mapping[str, IndicatorRule]
    projects: Mapping[str, Project]
    institutions: Mapping[str, Institution]
    results: Mapping[str, ResultRule]
    empty_kinds: frozenset[str]
    parts: Mapping[str, tuple[str, ...]]
    allowed: Allowed = NOTHING_ALLOWED

    def codes(self, name: str) -> Codes:
        """The list `name`; an empty one where reference data lacks it."""
        return self.lists.get(name) or Codes(name)

    def for_others(self, authors: Authors, member: str) -> Authors:
        """Who stands behind a version, with the organisations that the member reports for as their coalition."""
        institution = self.institutions.get(member)
        if institution is None or not institution.reports_for:
            return authors
        return replace(authors, reports_for=institution.reports_for)


def build_catalogue(
    period: str,
    *,
    codelists: Iterable[CodeList],
    indicators: Iterable[Indicator],
    projects: Iterable[Project],
    institutions: Iterable[InstitutionRegistered],
    results: Iterable[PlanResult],
) -> Catalogue:
    """The catalogue of `period` (`2026-Q3`) from reference data; `results` are those of the plan in force then."""
    given = {codelist.code: codelist for codelist in codelists}
    known = {i.code: Institution(i.parent, i.counting_route, i.sign_off, i.reports_for) for i in institutions}
    lists = {name: _codes(codelist, period) for name, codelist in given.items()}
    rules = {indicator.code: _rule(indicator, lists, period, frozenset(known)) for indicator in indicators}
    return Catalogue(
        period=period,
        starts=first_day(period),
        ends=last_day(period),
        lists=lists,
        indicators=rules,
        projects={project.code: project for project in projects},
        institutions=known,
        results={r.code: ResultRule(r.bodies, frozenset(i.code for i in r.indicators)) for r in results},
        empty_kinds=_empty_kinds(given.get("empty_kind")),
        parts=_parts(rules),
        allowed=Allowed.of(lists[ALLOWED_CONTACTS].usable) if ALLOWED_CONTACTS in lists else NOTHING_ALLOWED,
    )


def _codes(codelist: CodeList, period: str) -> Codes:
    """A code may be used for a period that ends on or after its `valid_from` and begins on or before its `valid_to`."""
    starts, ends = first_day(period), last_day(period)
    not_yet = {c.code: c.valid_from.isoformat() for c in codelist.codes if c.valid_from and c.valid_from > ends}
    no_longer = {c.code: c.valid_to.isoformat() for c in codelist.codes if c.valid_to and c.valid_to < starts}
    return Codes(
        name=codelist.code,
        usable=frozenset(c.code for c in codelist.codes) - not_yet.keys() - no_longer.keys(),
        not_yet=not_yet,
        no_longer=no_longer,
        routes=_routes(codelist.codes),
    )


def _routes(entries: Iterable[CodeListEntry]) -> dict[str, str | None] | None:
    routes = {entry.code: entry.attributes.get("member_route") for entry in entries}
    return routes if any(route is not None for route in routes.values()) else None


def _rule(indicator: Indicator, lists: Mapping[str, Codes], period: str, everybody: frozenset[str]) -> IndicatorRule:
    ends = last_day(period)
    later = indicator.valid_from if indicator.valid_from and indicator.valid_from > ends else None
    ended = indicator.valid_to if indicator.valid_to and indicator.valid_to < first_day(period) else None
    part_of = indicator.part_of
    names = ((dimension, indicator.list_of(dimension)) for dimension in indicator.dimensions)
    return IndicatorRule(
        code=indicator.code,
        reporters=frozenset() if ended else _reporters(indicator, everybody),
        dimensions=tuple((dimension, lists.get(name) or Codes(name)) for dimension, name in names),
        dimension_names=frozenset(indicator.dimensions),
        fields=OBSERVATION_FIELDS.union(indicator.dimensions),
        not_yet=later.isoformat() if later else None,
        no_longer=ended.isoformat() if ended else None,
        whole=part_of.indicator if part_of and part_of.cumulative else None,
    )


def _reporters(indicator: Indicator, everybody: frozenset[str]) -> frozenset[str]:
    """Who reports figures of the indicator; nobody where it is worked out from other sections of the submission."""
    if indicator.derived_from is not None:
        return frozenset()
    return everybody if indicator.reported_by == "all" else frozenset(indicator.reported_by)


def _empty_kinds(codelist: CodeList | None) -> frozenset[str]:
    """The kinds of empty that an observation may have; the others are derived or made by a release."""
    entries = codelist.codes if codelist else ()
    return frozenset(entry.code for entry in entries if entry.attributes.get("layer") == "observation")


def _parts(rules: Mapping[str, IndicatorRule]) -> dict[str, tuple[str, ...]]:
    parts: dict[str, tuple[str, ...]] = {}
    for rule in rules.values():
        if rule.whole:
            for code in (rule.code, rule.whole):
                parts[code] = (*parts.get(code, ()), rule.code)
    return parts
