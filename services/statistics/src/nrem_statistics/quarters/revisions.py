"""Figures that changed after they were first accepted: old, new, reason, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import CorrectedFigure, dimension_key
from nrem_statistics.answer import Answer
from nrem_statistics.observations.domain import DecisionRow, ObservationRow, VersionRow, accepted_versions

FigureKey = tuple[str, str]


class RevisedValue(Answer):
    """A value on one side of a revision; null `value` with `empty` is a reported empty."""

    value: int | None
    empty: str | None = None


class RevisedFigure(Answer):
    """One figure that an accepted version changed. `old` null = added, `new` null = dropped."""

    member: str
    indicator: str
    dimensions: dict[str, str]
    old: RevisedValue | None
    new: RevisedValue | None
    reason: LocalizedText | None
    version: int
    submitted_at: datetime
    accepted_at: datetime


def revised_members(decisions: Sequence[DecisionRow], known_on: datetime) -> dict[str, list[int]]:
    """Member → all versions accepted by then, where there is more than one."""
    return {m: versions for m, versions in accepted_versions(decisions, known_on).items() if len(versions) > 1}


def revisions(
    versions: Sequence[VersionRow],
    decisions: Sequence[DecisionRow],
    rows: Sequence[ObservationRow],
    known_on: datetime,
) -> tuple[RevisedFigure, ...]:
    """Compare each accepted version with the one accepted before it; `rows` hold all of them."""
    content = {(row.member, row.version): row for row in versions}
    figures = _figures(rows)
    accepted_at = {(row.member, row.version): row.decided_at for row in decisions if row.outcome == "accepted"}
    found: list[RevisedFigure] = []
    for member, accepted in revised_members(decisions, known_on).items():
        for before, after in pairwise(accepted):
            if (member, before) in content and (member, after) in content:
                old, new = figures.get((member, before), {}), figures.get((member, after), {})
                found.extend(_changes(content[member, after], accepted_at[member, after], old, new))
    return tuple(sorted(found, key=lambda one: (one.accepted_at, one.member, one.indicator, str(one.dimensions))))


def _figures(rows: Sequence[ObservationRow]) -> dict[tuple[str, int], dict[FigureKey, ObservationRow]]:
    """(member, version) → its figures. Rows share their dimensions: each mapping's key is worked out once."""
    shared = {id(row.dimensions): row.dimensions for row in rows}
    written = {identity: dimension_key(dict(dimensions)) for identity, dimensions in shared.items()}
    figures: dict[tuple[str, int], dict[FigureKey, ObservationRow]] = {}
    for row in rows:
        figures.setdefault((row.member, row.version), {})[row.indicator, written[id(row.dimensions)]] = row
    return figures


def _changes(
    version: VersionRow,
    accepted_at: datetime,
    old: Mapping[FigureKey, ObservationRow],
    new: Mapping[FigureKey, ObservationRow],
) -> list[RevisedFigure]:
    reasons = {_key(figure): figure.reason for figure in version.corrected_figures}
    changed = [key for key in sorted({*old, *new}) if _reported(old.get(key)) != _reported(new.get(key))]
    return [
        RevisedFigure(
            member=version.member,
            indicator=key[0],
            dimensions=dict((new.get(key) or old[key]).dimensions),
            old=_value(old.get(key)),
            new=_value(new.get(key)),
            reason=reasons.get(key),
            version=version.version,
            submitted_at=version.submitted_at,
            accepted_at=accepted_at,
        )
        for key in changed
    ]


def _key(figure: CorrectedFigure) -> FigureKey:
    return figure.indicator, dimension_key(figure.dimensions)


def _reported(row: ObservationRow | None) -> tuple[int | None, str | None] | None:
    return None if row is None else (row.value, row.empty)


def _value(row: ObservationRow | None) -> RevisedValue | None:
    return None if row is None else RevisedValue(value=row.value, empty=row.empty)
