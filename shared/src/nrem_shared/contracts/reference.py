"""Reference data as versioned facts: code lists, indicators, projects. Stream `reference/<kind>/<code>`."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from nrem_shared.contracts.base import Contract, InstitutionCode, LocalizedText

ReferenceKind = Literal["codelist", "indicator", "project"]


class CodeListEntry(Contract):
    """One code; `attributes` keeps the list's further columns (mappings, routes, groups)."""

    code: str
    label: LocalizedText
    valid_from: date | None = None
    valid_to: date | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)


class CodeList(Contract):
    """A code list with where it comes from; a code may be used for a period that ends on or after its `valid_from`."""

    kind: Literal["codelist"] = "codelist"
    code: str
    title: LocalizedText
    status: str
    codes: tuple[CodeListEntry, ...]


class PartOf(Contract):
    """This indicator counts a part of another (`indicator`), or of a field of the same row (`field`)."""

    indicator: str | None = None
    field: str | None = None
    same_member: bool = False
    cumulative: bool = False


class Indicator(Contract):
    """What is counted, by whom, in which dimensions, and how figures of it may be added up."""

    kind: Literal["indicator"] = "indicator"
    code: str
    title: LocalizedText
    unit: str
    measure: Literal["flow", "stock"]
    dimensions: tuple[str, ...]
    #: Dimension → code list, where the two names differ.
    dimension_lists: dict[str, str] = Field(default_factory=dict)
    reported_by: tuple[InstitutionCode, ...] | Literal["all"]
    quarters_to_year: Literal["sum", "last", "not_additive"]
    across_reporters: Literal["sum", "not_additive"]
    part_of: PartOf | None = None
    derived_from: dict[str, str] | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    why: LocalizedText | None = None

    def list_of(self, dimension: str) -> str:
        """The code list whose codes `dimension` takes."""
        return self.dimension_lists.get(dimension, dimension)


class Project(Contract):
    """A joint project: only its lead reports it."""

    kind: Literal["project"] = "project"
    code: str
    title: LocalizedText
    lead: InstitutionCode
    partners: tuple[InstitutionCode, ...] = ()
    illustrative: bool = False


class ReferenceChanged(Contract):
    """A piece of reference data was set; the revision of the stream is its version."""

    item: CodeList | Indicator | Project = Field(discriminator="kind")
