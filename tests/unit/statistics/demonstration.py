"""The demonstration files as the contracts say them, replayed into rows: what a correct service would hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from data_catalogue import QUARTERS, codelists, indicators, load
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import Cell, CorrectedFigure, Observation, SubmissionContent, content_of
from nrem_statistics.completeness.domain import Streams
from nrem_statistics.observations.domain import DecisionRow, ObservationRow, VersionRow, VersionRows, versions_in_force
from nrem_statistics.observations.rows import rows_of
from nrem_statistics.quarters.domain import Quarter, QuarterRows, compile_quarter
from nrem_statistics.quarters.indicators import Reference
from nrem_statistics.quarters.revisions import revised_members

THRESHOLD = 5


@dataclass(frozen=True)
class Version:
    """One version of one stream with what was decided about it."""

    row: VersionRow
    content: SubmissionContent
    outcome: str | None
    decided_at: datetime | None
    period: str


def submissions_file(period: str) -> dict[str, Any]:
    document: dict[str, Any] = load(f"demo/submissions-{period}.yaml")
    return document


@cache
def owes() -> tuple[str, ...]:
    return tuple(sorted(m["institution"] for m in load("members.yaml")["working_group_2025"]["members"]))


@cache
def reference() -> Reference:
    return Reference({one.code: one for one in indicators()}, {one.code: one for one in codelists()})


@cache
def versions(period: str) -> tuple[Version, ...]:
    """Every version of every stream of one period, corrections of later files included, in order."""
    raw = [s for q in QUARTERS for s in submissions_file(q)["submissions"] if submissions_file(q)["period"] == period]
    raw += [c for q in QUARTERS for c in submissions_file(q)["corrections"] if c["period"] == period]
    return tuple(_versions(period, sorted(raw, key=lambda one: (one["member"], one["version"]))))


def _versions(period: str, raw: list[dict[str, Any]]) -> Iterator[Version]:
    due = date.fromisoformat(submissions_file(period)["due"])
    content: dict[str, SubmissionContent] = {}
    for one in raw:
        submitted = datetime.fromisoformat(one["submitted_at"])
        decision = one["decision"] or {"outcome": None, "at": None}
        corrected = tuple(corrected_figures(one.get("items", ())))
        said = with_corrections(content[one["member"]], corrected) if corrected else content_of(one)
        content[one["member"]] = said
        yield Version(
            row=VersionRow(
                member=one["member"],
                version=one["version"],
                submitted_at=submitted,
                late=one["version"] == 1 and submitted.date() > due,
                nothing_to_report=said.nothing_to_report,
                illustrative=True,
                corrected_figures=corrected,
            ),
            content=said,
            outcome=decision["outcome"],
            decided_at=datetime.fromisoformat(decision["at"]) if decision["at"] else None,
            period=period,
        )


def corrected_figures(items: Any) -> Iterator[CorrectedFigure]:
    for item in items:
        dimensions = {key: value for key, value in item["observation"].items() if key != "indicator"}
        yield CorrectedFigure(
            indicator=item["observation"]["indicator"],
            dimensions=dimensions,
            old=Cell(value=item["old"]),
            new=Cell(value=item["new"]),
            reason=LocalizedText(**item["reason"]),
        )


def with_corrections(content: SubmissionContent, corrected: tuple[CorrectedFigure, ...]) -> SubmissionContent:
    new = {(figure.indicator, tuple(sorted(figure.dimensions.items()))): figure.new for figure in corrected}

    def changed(observation: Observation) -> Observation:
        cell = new.get((observation.indicator, tuple(observation.dimensions.items())))
        return observation.model_copy(update={"value": cell.value, "empty": cell.empty}) if cell else observation

    return content.model_copy(update={"observations": tuple(changed(one) for one in content.observations)})


def streams(period: str) -> Streams:
    return Streams(
        owes=owes(),
        versions=tuple(version.row for version in versions(period)),
        decisions=tuple(
            DecisionRow(version.row.member, version.row.version, version.outcome, version.decided_at)  # type: ignore[arg-type]
            for version in versions(period)
            if version.decided_at is not None
        ),
    )


def quarter_rows(period: str, known_on: datetime) -> QuarterRows:
    held = streams(period)
    in_force = versions_in_force(held.decisions, known_on)
    counted = [v for v in versions(period) if in_force.get(v.row.member) == v.row.version]
    accepted = revised_members(held.decisions, known_on)
    history = [v for v in versions(period) if v.row.version in accepted.get(v.row.member, ())]
    return QuarterRows(
        period=period,
        due=date.fromisoformat(submissions_file(period)["due"]),
        illustrative=True,
        streams=held,
        in_force=joined([rows_of(v.row.member, v.row.version, v.content) for v in counted]),
        history=tuple(row for v in history for row in observations(v)),
        reference=reference(),
    )


def observations(version: Version) -> tuple[ObservationRow, ...]:
    return rows_of(version.row.member, version.row.version, version.content).observations


def joined(parts: list[VersionRows]) -> VersionRows:
    return VersionRows(
        observations=tuple(row for part in parts for row in part.observations),
        activities=tuple(row for part in parts for row in part.activities),
        funding=tuple(row for part in parts for row in part.funding),
        challenges=tuple(row for part in parts for row in part.challenges),
    )


def compiled(period: str, known_on: str, member: str | None = None) -> Quarter:
    instant = datetime.fromisoformat(known_on)
    return compile_quarter(quarter_rows(period, instant), instant, THRESHOLD, member)
