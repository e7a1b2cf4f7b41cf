"""What codes are called, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.plans import PlanResult
from nrem_shared.contracts.reference import CodeList, Indicator, Project

#: `{lv, en}`, or the code itself where nobody knows its name.
Text = Mapping[str, str] | str


@dataclass(frozen=True)
class Labels:
    """Names of everything that a submission refers to."""

    lists: Mapping[str, Mapping[str, Text]]
    dimensions: Mapping[str, Mapping[str, str]]
    indicators: Mapping[str, Text]
    projects: Mapping[str, Text]
    members: Mapping[str, Text]
    abbreviations: Mapping[str, str]
    results: Mapping[str, Text]

    def code(self, list_name: str, code: str) -> Text:
        """The name of a code of a list."""
        return self.lists.get(list_name, {}).get(code, code)

    def dimension(self, indicator: str, dimension: str, code: str) -> Text:
        """The name of a code in a dimension of an indicator."""
        return self.code(self.dimensions.get(indicator, {}).get(dimension, dimension), code)

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
    known = tuple(institutions)
    indicators = tuple(indicators)
    return Labels(
        lists={each.code: {entry.code: both(entry.label) for entry in each.codes} for each in codelists},
        dimensions={each.code: each.dimension_lists for each in indicators},
        indicators={each.code: both(each.title) for each in indicators},
        projects={each.code: both(each.title) for each in projects},
        members={each.code: both(each.name) for each in known},
        abbreviations={each.code: each.abbreviation for each in known},
        results={each.code: both(each.title) for each in results},
    )
