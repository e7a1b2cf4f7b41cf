"""Lists to choose from: which codes may stand in a column, what they are called, and which code a name means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nrem_intake.spreadsheets.domain.book import Choice
from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.labels import Labels, Text

#: Lists that are no code list.
INDICATOR, INSTITUTION, PROJECT = "indicator", "institution", "project"
PLAN_RESULT, PLAN_INDICATOR = "plan_result", "plan_indicator"

#: In place of a member: a workbook for all of them.
EVERYBODY = "*"

LANGUAGES = ("lv", "en")

#: A list longer than this is offered by name, not in its own order.
_LONG = 40


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered to one member in one period, in one language; `reporting` are all who report for themselves."""

    catalogue: Catalogue
    labels: Labels
    member: str
    language: str
    yes_no: tuple[str, str]
    reporting: frozenset[str] = frozenset()
    _known: dict[str, tuple[Choice, ...]] = field(default_factory=dict)

    def offered(self, name: str) -> tuple[Choice, ...]:
        """The entries of a list that may be chosen, no two of them with the same name."""
        if name not in self._known:
            self._known[name] = self._choices(name)
        return self._known[name]

    def reports(self, indicator: str) -> bool:
        """Whether the member reports figures of an indicator in the period."""
        rule = self.catalogue.indicators[indicator]
        return not rule.not_yet and bool(rule.reporters if self.member == EVERYBODY else self.member in rule.reporters)

    def _choices(self, name: str) -> tuple[Choice, ...]:
        codes = list(self._codes(name))
        labels = {code: _plain(self.label(name, code)) for code in codes}
        seen: dict[str, str] = {}
        for code in codes:
            other = seen.setdefault(normal(labels[code]), code)
            if other != code:
                labels[code] = f"{labels[code]} ({code})"
        entries = [Choice(code, labels[code]) for code in codes]
        return tuple(sorted(entries, key=lambda each: each.label.casefold()) if len(codes) > _LONG else entries)

    def label(self, name: str, code: str) -> str:
        """What a code of a list is called here."""
        return named(self.labels, name, code, self.language)

    def _codes(self, name: str) -> Iterable[str]:
        catalogue = self.catalogue
        if name == INDICATOR:
            return (code for code in catalogue.indicators if self.reports(code))
        if name == INSTITUTION:
            return catalogue.institutions
        if name == PROJECT:
            return catalogue.projects
        if name == PLAN_RESULT:
            return catalogue.results
        if name == PLAN_INDICATOR:
            return (code for rule in catalogue.results.values() for code in sorted(rule.indicators))
        return self._listed(name)

    def _listed(self, name: str) -> Iterable[str]:
        """A code list in its own order; of counting routes the member's own."""
        codes = self.catalogue.codes(name)
        usable = [code for code in self.labels.lists.get(name, ()) if code in codes.usable]
        if name == "empty_kind":
            usable = [code for code in usable if code in self.catalogue.empty_kinds]
        if codes.routes is None or self.member not in self.catalogue.institutions:
            return usable
        own = self.catalogue.institutions[self.member].counting_route
        return [code for code in usable if codes.routes[code] == own]


def named(labels: Labels, name: str, code: str, language: str) -> str:
    """A code in words; codes that people know stand before the words."""
    if name == INDICATOR:
        return _in(labels.indicator(code), language)
    if name == INSTITUTION:
        return f"{labels.abbreviation(code)} – {_in(labels.member(code), language)}"
    if name == PROJECT:
        return f"{code} {_in(labels.projects.get(code, ''), language)}".strip()
    if name == PLAN_RESULT:
        return f"{code} {_in(labels.result(code), language)}"
    if name == PLAN_INDICATOR:
        return f"{code} {_in(labels.plan_indicators.get(code, ''), language)}".strip()
    return _in(labels.code(name, code), language)


@dataclass(frozen=True, slots=True)
class Meanings:
    """Name → code, list by list, in both languages; a code means itself. `own` are names that the file brought."""

    labels: Labels
    catalogue: Catalogue
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _known: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def code(self, name: str, text: str) -> str | None:
        """The code that a name means in a list; null where it means none."""
        wanted = normal(text)
        if name not in self._known:
            self._known[name] = self._names(name)
        return self._known[name].get(wanted) or self.own.get(name, {}).get(wanted)

    def _names(self, name: str) -> Mapping[str, str]:
        codes = self._every(name)
        meant: dict[str, set[str]] = {}
        for code in codes:
            for language in LANGUAGES:
                label = _plain(named(self.labels, name, code, language))
                for text in (label, f"{label} ({code})"):
                    meant.setdefault(normal(text), set()).add(code)
        clear = {text: next(iter(those)) for text, those in meant.items() if len(those) == 1}
        return {**clear, **{normal(code): code for code in codes}}

    def _every(self, name: str) -> Iterable[str]:
        """All codes there ever were: what may be used is for validation to say."""
        every: Mapping[str, Iterable[str]] = {
            INDICATOR: self.catalogue.indicators,
            INSTITUTION: self.catalogue.institutions,
            PROJECT: self.catalogue.projects,
            PLAN_RESULT: self.catalogue.results,
            PLAN_INDICATOR: [code for rule in self.catalogue.results.values() for code in rule.indicators],
        }
        return list(every.get(name, self.labels.lists.get(name, ())))


def normal(text: str) -> str:
    """A name without what people add or change unseen: case, kinds and runs of spaces."""
    return " ".join(text.split()).casefold()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _in(text: Text, language: str) -> str:
    return text if isinstance(text, str) else text.get(language) or text["lv"]
