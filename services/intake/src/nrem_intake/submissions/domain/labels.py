"""What codes are called, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.plans import PlanResult
from nrem_shared.contracts.reference import CodeList, Indicator, Project

#: `{lv, en}`, or the code itself where nobody knows its name.
Text = Mapping[str, str] | str

#: The unit of the plan's indicators that are met or not.
WITHOUT_NUMBER = "yes_no"


#: Dimensions that the catalogues of messages have a word for (`field.<dimension>`); others are called as their list.
WORDED = frozenset(
    {
        "sex",
        "age_group",
        "citizenship",
        "form_of_exploitation",
        "registering_route",
        "victim_status",
        "destination",
        "sector",
        "charge_decision",
        "court_outcome",
        "audience",
    }
)


@dataclass(frozen=True)
class Labels:
    """Names of everything that a submission refers to.

    `titles` are those of the code lists. `about` says why an indicator is counted as it is; `without_number` are the
    plan's indicators that are met or not.
    """

    lists: Mapping[str, Mapping[str, Text]]
    dimensions: Mapping[str, Mapping[str, str]]
    order: Mapping[str, tuple[str, ...]]
    indicators: Mapping[str, Text]
    projects: Mapping[str, Text]
    members: Mapping[str, Text]
    abbreviations: Mapping[str, str]
    results: Mapping[str, Text]
    titles: Mapping[str, Text] = field(default_factory=dict)
    about: Mapping[str, Text] = field(default_factory=dict)
    plan_indicators: Mapping[str, Text] = field(default_factory=dict)
    without_number: frozenset[str] = frozenset()

    def code(self, list_name: str, code: str) -> Text:
        """The name of a code of a list."""
        return self.lists.get(list_name, {}).get(code, code)

    def dimension(self, name: str, list_name: str) -> Text:
        """What a dimension is called that takes codes of a list: the id of a message, or a text in both languages."""
        return f"field.{name}" if name in WORDED else self.titles.get(list_name, name)

    def breakdown(self, indicator: str, dimensions: Mapping[str, str]) -> tuple[Text, ...]:
        """The names of a figure's codes, in the order of the indicator's dimensions."""
        order = self.order.get(indicator, ())
        known = sorted(dimensions.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
        lists = self.dimensions.get(indicator, {})
        return tuple(self.code(lists.get(dimension, dimension), code) for dimension, code in known)

    def indicator(self, code: str) -> Text:
        """The title of an indicator."""
        return self.indicators.get(code, code)

    def member(self, code: str) -> Text:
        """The name of an institution."""
        return self.members.get(code, code)

    def abbreviation(self, code: str) -> str:
        """The short name of an institution."""
        return self.abbreviations.get(code, code)

    def result(self, code: str) -> Text:
        """The title of a plan result."""
        return self.results.get(code, code)


def both(text: LocalizedText) -> Mapping[str, str]:
    """The text in both languages; Latvian where English is missing."""
    return {"lv": text.lv, "en": text.en or text.lv}


def build_labels(
    codelists: Iterable[CodeList],
    indicators: Iterable[Indicator],
    projects: Iterable[Project],
    institutions: Iterable[InstitutionRegistered],
    results: Iterable[PlanResult],
) -> Labels:
    """The names that reference data gives."""
    known, codelists = tuple(institutions), tuple(codelists)
    indicators, results = tuple(indicators), tuple(results)
    shown = [indicator for result in results for indicator in result.indicators]
    return Labels(
        lists={each.code: {entry.code: both(entry.label) for entry in each.codes} for each in codelists},
        dimensions={each.code: each.dimension_lists for each in indicators},
        order={each.code: each.dimensions for each in indicators},
        indicators={each.code: both(each.title) for each in indicators},
        projects={each.code: both(each.title) for each in projects},
        members={each.code: both(each.name) for each in known},
        abbreviations={each.code: each.abbreviation for each in known},
        results={each.code: both(each.title) for each in results},
        titles={each.code: both(each.title) for each in codelists},
        about={each.code: both(each.why) for each in indicators if each.why},
        plan_indicators={each.code: both(each.text) for each in shown},
        without_number=frozenset(each.code for each in shown if each.unit == WITHOUT_NUMBER),
    )
