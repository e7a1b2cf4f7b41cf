"""Which releases a quarterly report shows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nrem_shared.contracts.releases import FiguresReleased


@dataclass(frozen=True, slots=True)
class KnownRelease:
    """A release, its record time, and its position in the journal of statistics."""

    position: int
    released_at: datetime
    document: FiguresReleased


@dataclass(frozen=True, slots=True)
class ReportedFigures:
    """The figures of a report: the release shown, whether it came after the minutes were approved, releases of the
    quarter that are newer still, and those of earlier quarters that were revised since the report before."""

    shown: KnownRelease | None
    after_approval: bool
    newer: tuple[KnownRelease, ...]
    revised: tuple[KnownRelease, ...]


def figures_for(
    period: str, approved_at: datetime, since: datetime | None, releases: Sequence[KnownRelease]
) -> ReportedFigures:
    """The newest release recorded by the approval, else the first one after it, so that a report stays what it was.

    `since` = when the minutes before were approved; null = there were none.
    """
    own = sorted((one for one in releases if one.document.period == period), key=lambda one: one.document.version)
    by_then = [one for one in own if one.released_at <= approved_at]
    shown = by_then[-1] if by_then else next(iter(own), None)
    return ReportedFigures(
        shown=shown,
        after_approval=shown is not None and not by_then,
        newer=tuple(one for one in own if shown is not None and one.document.version > shown.document.version),
        revised=tuple(
            sorted(
                (one for one in releases if _revises(one, period, approved_at, since)),
                key=lambda one: (one.document.period, one.document.version),
            )
        ),
    )


def _revises(one: KnownRelease, period: str, approved_at: datetime, since: datetime | None) -> bool:
    recent = one.released_at <= approved_at and (since is None or one.released_at > since)
    return one.document.period < period and one.document.previous is not None and recent
