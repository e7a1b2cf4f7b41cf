"""Everything that one quarter is compiled from, read in one snapshot."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from nrem_shared.runtime.database import Connection
from nrem_statistics.completeness.reading import read_streams
from nrem_statistics.observations.domain import VersionRows, versions_in_force
from nrem_statistics.quarters import store
from nrem_statistics.quarters.domain import QuarterRows
from nrem_statistics.quarters.indicators import Reference
from nrem_statistics.quarters.revisions import revised_members
from nrem_statistics.sources import store as sources
from nrem_statistics.sources.store import PeriodRow, ReferenceRows


async def read_reference(conn: Connection, known_on: datetime) -> Reference:
    """Reference data as known on `known_on`."""
    return _reference(await sources.reference_as_known(conn, known_on))


@lru_cache(maxsize=16)
def _reference(rows: ReferenceRows) -> Reference:
    return Reference(rows.indicators, rows.code_lists)


async def read_quarter(conn: Connection, period: PeriodRow, known_on: datetime, reference: Reference) -> QuarterRows:
    """The rows of the versions in force as known on `known_on`; the caller's transaction is the snapshot."""
    streams = await read_streams(conn, period)
    in_force = sorted(versions_in_force(streams.decisions, known_on).items())
    revised = revised_members(streams.decisions, known_on)
    accepted = [(member, version) for member, versions in sorted(revised.items()) for version in versions]
    return QuarterRows(
        period=period.code,
        due=period.due,
        illustrative=period.illustrative,
        streams=streams,
        in_force=VersionRows(
            observations=tuple(await store.observations_of(conn, period.code, in_force)),
            activities=tuple(await store.activities_of(conn, period.code, in_force)),
            funding=tuple(await store.funding_of(conn, period.code, in_force)),
            challenges=tuple(await store.challenges_of(conn, period.code, in_force)),
        ),
        history=tuple(await store.observations_of(conn, period.code, accepted)) if accepted else (),
        reference=reference,
    )
