"""What may be released, and what a release says: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nrem_shared.contracts.releases import (
    FiguresReleased,
    Measure,
    ReleasedChange,
    ReleasedCompleteness,
    ReleasedCorrection,
    ReleasedTable,
    ReleasedValue,
)
from nrem_shared.contracts.submissions import dimension_key
from nrem_statistics.quarters.domain import Quarter, ReleaseMark
from nrem_statistics.quarters.indicators import Reference
from nrem_statistics.quarters.revisions import RevisedFigure
from nrem_statistics.releases.tabling import tables_of, value_of

FigureKey = tuple[str, Measure, str]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a quarter is not released; `values` fill the text `refusal.<code>`."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is known of what the figures are made of. `letters` and `gaps` are topics in which something that may
    concern the quarter was not understood or did not come; `stale` are topics of which nothing was heard for too
    long; `manifest` is that of the period's closing, null while it is open."""

    letters: Sequence[str] = ()
    gaps: Sequence[str] = ()
    stale: Sequence[str] = ()
    behind: int = 0
    manifest: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A quarter as it would be released: its figures, and what stands in the way."""

    quarter: Quarter
    tables: tuple[ReleasedTable, ...]
    obstacles: tuple[Obstacle, ...]

    @property
    def manifest(self) -> dict[str, int]:
        """Member → the accepted version that is counted."""
        return manifest_of(self.quarter)


class Unchanged(Exception):
    """The last release says the same; `version` is its number."""

    def __init__(self, version: int) -> None:
        super().__init__(f"release {version} says the same")
        self.version = version


def manifest_of(quarter: Quarter) -> dict[str, int]:
    """Member → the accepted version that the quarter counts."""
    return {one.member: one.version_in_force for one in quarter.submissions.members if one.version_in_force is not None}


def draft(quarter: Quarter, reference: Reference, inputs: Inputs) -> Draft:
    """The group's quarter as it would be released now."""
    return Draft(quarter, tables_of(quarter, reference), tuple(_obstacles(quarter, inputs)))


def _obstacles(quarter: Quarter, inputs: Inputs) -> Iterator[Obstacle]:
    manifest = manifest_of(quarter)
    if not manifest:
        yield Obstacle("nothing_accepted", {"period": quarter.period})
    for member in quarter.submissions.not_understood:
        yield Obstacle("received_not_understood", {"member": member})
    for topic in inputs.letters:
        yield Obstacle("records_not_understood", {"topic": topic})
    for topic in inputs.gaps:
        yield Obstacle("records_missing", {"topic": topic})
    for topic in inputs.stale:
        yield Obstacle("not_fresh", {"topic": topic})
    if inputs.behind:
        yield Obstacle("not_caught_up", {"places": inputs.behind})
    for indicator in quarter.unknown_indicators:
        yield Obstacle("indicator_not_known", {"indicator": indicator})
    for member, version in sorted((inputs.manifest or {}).items()):
        if manifest.get(member, 0) < version:
            yield Obstacle("waits_for", {"member": member, "version": version})


def released(draft: Draft, previous: FiguresReleased | None, position: int, head: str) -> FiguresReleased:
    """The next version, with what changed since `previous`. Raises Unchanged where nothing did.

    `position` and `head` are those of the journal just before.
    """
    quarter = draft.quarter
    if previous is not None and _says_nothing_new(draft, previous):
        raise Unchanged(previous.version)
    return FiguresReleased(
        period=quarter.period,
        version=previous.version + 1 if previous else 1,
        as_known_on=quarter.known_on,
        manifest=draft.manifest,
        completeness=ReleasedCompleteness(
            expected=quarter.submissions.expected,
            accepted=quarter.submissions.accepted,
            not_accepted=tuple(
                one.member for one in quarter.submissions.members if one.owes and one.version_in_force is None
            ),
        ),
        tables=draft.tables,
        small_cell_threshold=quarter.small_cell_threshold,
        illustrative=quarter.illustrative,
        previous=previous.version if previous else None,
        changes=tuple(_changes(previous.tables, draft.tables)) if previous else (),
        corrections=tuple(_corrections(quarter.revised_figures, previous.manifest)) if previous else (),
        recompiled=_recompiled(previous.manifest, draft.manifest) if previous else (),
        journal_position=position,
        journal_head=head,
    )


def _says_nothing_new(draft: Draft, previous: FiguresReleased) -> bool:
    """The same, or older knowledge than somebody else released a moment ago."""
    same = previous.manifest == draft.manifest and previous.tables == draft.tables
    return same or draft.quarter.known_on < previous.as_known_on


def marked(quarter: Quarter, released_at: datetime, release: FiguresReleased) -> Quarter:
    """The quarter with the mark of a release: current where it counts the very versions that were released.

    Of one member's figures, the version of that member.
    """
    counted = release.manifest
    if quarter.member is not None:
        counted = {member: version for member, version in counted.items() if member == quarter.member}
    mark = ReleaseMark(version=release.version, released_at=released_at, current=counted == manifest_of(quarter))
    return quarter.marked(mark)


def _changes(before: Sequence[ReleasedTable], after: Sequence[ReleasedTable]) -> Iterator[ReleasedChange]:
    old, new = _figures(before), _figures(after)
    for key in sorted({*old, *new}):
        if _value(old, key) != _value(new, key):
            indicator, measure, _ = key
            yield ReleasedChange(
                indicator=indicator,
                measure=measure,
                dimensions=(new.get(key) or old[key])[0],
                old=_value(old, key),
                new=_value(new, key),
            )


def _figures(tables: Sequence[ReleasedTable]) -> dict[FigureKey, tuple[dict[str, str], ReleasedValue]]:
    return {
        (table.indicator, one.measure, dimension_key(one.dimensions)): (
            one.dimensions,
            ReleasedValue(value=one.value, empty=one.empty, incomplete=one.incomplete),
        )
        for table in tables
        for one in table.figures
    }


def _value(figures: Mapping[FigureKey, tuple[dict[str, str], ReleasedValue]], key: FigureKey) -> ReleasedValue | None:
    return figures[key][1] if key in figures else None


def _corrections(revised: Sequence[RevisedFigure], before: Mapping[str, int]) -> Iterator[ReleasedCorrection]:
    for one in revised:
        if one.version > before.get(one.member, one.version):
            yield ReleasedCorrection(
                member=one.member,
                indicator=one.indicator,
                dimensions=one.dimensions,
                old=value_of(one.old) if one.old else None,
                new=value_of(one.new) if one.new else None,
                reason=one.reason,
                accepted_at=one.accepted_at,
            )


def _recompiled(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(member for member in {*before, *after} if before.get(member) != after.get(member)))
