"""Rows of submissions by version, as the topic tells them: one statement per table and batch, nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from pydantic import TypeAdapter

from nrem_shared.contracts.submissions import (
    Activity,
    Challenge,
    CorrectedFigure,
    Funding,
    Observation,
    SubmissionSubmitted,
    dimension_key,
)
from nrem_shared.runtime.arrays import literal
from nrem_shared.runtime.database import Connection
from nrem_statistics.observations.domain import (
    DecisionRow,
    euro,
)

CORRECTED_FIGURES = TypeAdapter(tuple[CorrectedFigure, ...])


class Submitted(NamedTuple):
    """One submitted version as it arrived; `at` is its record time."""

    at: datetime
    data: SubmissionSubmitted


class Decided(NamedTuple):
    """One decision as it arrived."""

    period: str
    decision: DecisionRow


class StreamState(NamedTuple):
    """The state of one stream after one of its events."""

    period: str
    member: str
    revision: int
    state: str
    accepted_version: int | None
    pending_version: int | None


async def insert_versions(conn: Connection, rows: Sequence[Submitted]) -> None:
    """Add versions; one that is there stays as it is."""
    await conn.execute(
        """
        insert into projection.submission_version
               (period, member, version, kind, submitted_at, late, due, nothing_to_report, illustrative,
                corrected_figures)
        select period, member, version, kind, submitted_at, late, due, nothing, illustrative, corrected::jsonb
          from unnest($1::text::text[], $2::text::text[], $3::text::integer[], $4::text::text[],
                      $5::text::timestamptz[], $6::text::boolean[], $7::text::date[], $8::text::boolean[],
                      $9::text::boolean[], $10::text::text[])
               as new (period, member, version, kind, submitted_at, late, due, nothing, illustrative, corrected)
        on conflict do nothing
        """,
        *_written_keys([row.data for row in rows]),
        literal([row.data.kind for row in rows]),
        literal([row.at for row in rows]),
        literal([row.data.late for row in rows]),
        literal([row.data.due for row in rows]),
        literal([row.data.content.nothing_to_report for row in rows]),
        literal([row.data.illustrative for row in rows]),
        literal([_corrected(row.data.corrected_figures) for row in rows]),
    )


async def forget_version(conn: Connection, data: SubmissionSubmitted) -> None:
    """Drop everything kept of one version, in one statement; what is told instead is stored after it."""
    await conn.execute(
        """
        with observations as (delete from projection.observation where period = $1 and member = $2 and version = $3),
             activities as (delete from projection.activity where period = $1 and member = $2 and version = $3),
             amounts as (delete from projection.funding where period = $1 and member = $2 and version = $3),
             challenges as (delete from projection.challenge where period = $1 and member = $2 and version = $3)
        delete from projection.submission_version where period = $1 and member = $2 and version = $3
        """,
        data.period,
        data.member,
        data.version,
    )


async def insert_decisions(conn: Connection, rows: Sequence[Decided]) -> None:
    """Add decisions; a version has one for ever."""
    await conn.execute(
        """
        insert into projection.submission_decision (period, member, version, outcome, decided_at)
        select * from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::timestamptz[])
        on conflict do nothing
        """,
        [row.period for row in rows],
        [row.decision.member for row in rows],
        [row.decision.version for row in rows],
        [row.decision.outcome for row in rows],
        [row.decision.decided_at for row in rows],
    )


async def insert_observations(conn: Connection, rows: Sequence[SubmissionSubmitted]) -> None:
    """Add the observations of versions. Few dimensions are in use: each goes over once, and is named by its place."""
    periods, members, versions = _keys([row for row in rows for _ in row.content.observations])
    observations = [one for row in rows for one in row.content.observations]
    shapes: dict[tuple[str, ...], int] = {}
    places = [shapes.setdefault(_shape(one), len(shapes) + 1) for one in observations]
    dimensions = [_written(shape) for shape in shapes]
    await conn.execute(
        """
        with used as materialized (
            select place, key, document::jsonb as document
              from unnest($9::text::text[], $10::text::text[]) with ordinality as u(key, document, place)
        )
        insert into projection.observation
               (period, member, version, indicator, dimension_key, dimensions, value, empty, comment)
        select period, member, version, indicator, key, document, value, empty, comment
          from unnest($1::text::text[], $2::text::text[], $3::text::integer[], $4::text::text[],
                      $5::text::bigint[], $6::text::bigint[], $7::text::text[], $8::text::text[]) with ordinality
               as new (period, member, version, indicator, place, value, empty, comment, number)
          join used using (place)
         order by number
        on conflict do nothing
        """,
        literal(periods),
        literal(members),
        literal(versions),
        literal([one.indicator for one in observations]),
        literal(places),
        literal([one.value for one in observations]),
        literal([one.empty for one in observations]),
        literal([one.comment for one in observations]),
        literal([key for key, _ in dimensions]),
        literal([document for _, document in dimensions]),
    )


async def insert_activities(conn: Connection, rows: Sequence[tuple[SubmissionSubmitted, int, Activity]]) -> None:
    """Add the activities of versions, numbered as they stand in the submission."""
    await conn.execute(
        """
        insert into projection.activity
               (period, member, version, ordinal, code, type, audience, participants, copies, reach, first_contact,
                project_phase, continues)
        select period, member, version, ordinal, code, type, audience, participants, copies, reach,
               first_contact::jsonb, project_phase, continues
          from unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[],
                      $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::boolean[])
               as new (period, member, version, ordinal, code, type, audience, participants, copies, reach,
                       first_contact, project_phase, continues)
        on conflict do nothing
        """,
        *_keys([data for data, _, _ in rows]),
        [ordinal for _, ordinal, _ in rows],
        [one.code for _, _, one in rows],
        [one.type for _, _, one in rows],
        [one.audience for _, _, one in rows],
        [one.participants for _, _, one in rows],
        [one.copies for _, _, one in rows],
        [one.reach for _, _, one in rows],
        [json.dumps([[c.institution_kind, c.participants] for c in one.first_contact]) for _, _, one in rows],
        [one.project_phase for _, _, one in rows],
        [one.continues for _, _, one in rows],
    )


async def insert_funding(conn: Connection, rows: Sequence[tuple[SubmissionSubmitted, int, Funding]]) -> None:
    """Add the amounts of versions, in euro to the cent."""
    await conn.execute(
        """
        insert into projection.funding (period, member, version, ordinal, source, purpose, amount_eur)
        select * from unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::text[], $6::text[],
                             $7::numeric[])
        on conflict do nothing
        """,
        *_keys([data for data, _, _ in rows]),
        [ordinal for _, ordinal, _ in rows],
        [one.source for _, _, one in rows],
        [one.purpose for _, _, one in rows],
        [euro(one.amount_eur) for _, _, one in rows],
    )


async def insert_challenges(conn: Connection, rows: Sequence[tuple[SubmissionSubmitted, int, Challenge]]) -> None:
    """Add the challenges of versions."""
    await conn.execute(
        """
        insert into projection.challenge (period, member, version, ordinal, code, state, text)
        select period, member, version, ordinal, code, state, text::jsonb
          from unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[])
               as new (period, member, version, ordinal, code, state, text)
        on conflict do nothing
        """,
        *_keys([data for data, _, _ in rows]),
        [ordinal for _, ordinal, _ in rows],
        [one.code for _, _, one in rows],
        [one.state for _, _, one in rows],
        [one.text.model_dump_json() for _, _, one in rows],
    )


async def upsert_streams(conn: Connection, rows: Sequence[StreamState]) -> None:
    """Keep the newest revision of each stream; at most one row per stream."""
    await conn.execute(
        """
        insert into projection.submission_stream as held
               (period, member, revision, state, accepted_version, pending_version)
        select * from unnest($1::text::text[], $2::text::text[], $3::text::bigint[], $4::text::text[],
                             $5::text::integer[], $6::text::integer[])
        on conflict (period, member) do update
           set revision = excluded.revision, state = excluded.state, accepted_version = excluded.accepted_version,
               pending_version = excluded.pending_version
         where held.revision < excluded.revision
        """,
        literal([row.period for row in rows]),
        literal([row.member for row in rows]),
        literal([row.revision for row in rows]),
        literal([row.state for row in rows]),
        literal([row.accepted_version for row in rows]),
        literal([row.pending_version for row in rows]),
    )


def _keys(rows: Sequence[SubmissionSubmitted]) -> tuple[list[str], list[str], list[int]]:
    return [row.period for row in rows], [row.member for row in rows], [row.version for row in rows]


def _written_keys(rows: Sequence[SubmissionSubmitted]) -> tuple[str, str, str]:
    periods, members, versions = _keys(rows)
    return literal(periods), literal(members), literal(versions)


def _shape(observation: Observation) -> tuple[str, ...]:
    """The names of its dimensions, then their codes."""
    dimensions = observation.__pydantic_extra__ or {}
    return (*dimensions, *map(str, dimensions.values()))


@lru_cache(maxsize=20_000)
def _written(shape: tuple[str, ...]) -> tuple[str, str]:
    """(canonical key, JSON) of dimensions."""
    half = len(shape) // 2
    named = dict(sorted(zip(shape[:half], shape[half:], strict=True)))
    return dimension_key(named), json.dumps(named)


def _corrected(figures: tuple[CorrectedFigure, ...]) -> str:
    return CORRECTED_FIGURES.dump_json(figures).decode() if figures else "[]"
