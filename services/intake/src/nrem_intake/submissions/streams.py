"""Streams as the database has them, as the domain's values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from nrem_intake.submissions import store
from nrem_intake.submissions.domain.authors import authors_of
from nrem_intake.submissions.domain.figures import Accumulated, accumulate
from nrem_intake.submissions.domain.stream import Stream, Version
from nrem_shared.contracts.submissions import CorrectedFigure, Observation, ReasonForReturn, SubmissionContent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import asyncpg

    from nrem_intake.submissions.catalogues import Catalogues, InForce
    from nrem_intake.submissions.store import Key
    from nrem_shared.runtime.database import Connection


class Known(NamedTuple):
    """A stream and what holds for it; `owed` = the period froze that the member owes it."""

    stream: Stream
    owed: bool
    in_force: InForce


async def load_streams(
    conn: Connection, catalogues: Catalogues, keys: Sequence[Key], *, contents: bool = False
) -> dict[Key, Known]:
    """The streams named, also those where nothing was submitted yet; one whose period does not exist is left out."""
    rows = await store.load(conn, keys, contents=contents)
    return {
        (row["period"], row["member"]): Known(
            _stream(row), row["owed"], await catalogues.of(conn, row["period"], row["catalogue_version"])
        )
        for row in rows
    }


async def accumulated(conn: Connection, keys: Sequence[Key], known: Mapping[Key, Known]) -> dict[Key, Accumulated]:
    """For each of `keys` the sums of what the member had accepted for earlier quarters; no keys, no query."""
    observations: dict[Key, list[Observation]] = {}
    for row in await store.earlier(conn, keys) if keys else ():
        found = observations.setdefault((row["period"], row["member"]), [])
        found.extend(Observation.model_validate(item) for item in row["observations"])
    return {key: accumulate(known[key].in_force.catalogue, found) for key, found in observations.items()}


def _stream(row: asyncpg.Record) -> Stream:
    """`due` is what the stream says; while nothing stands, that of an extension, else the period's."""
    stream = Stream(
        period=row["period"],
        member=row["member"],
        due=row["due"] or row["period_due"],
        illustrative=row["illustrative"],
        revision=row["revision"] or 0,
        versions=tuple(_version(item) for item in row["versions"] or ()),
        first_submitted_at=row["first_submitted_at"],
        late=bool(row["late"]),
    )
    if row["extended_due"] is None or stream.reported:
        return stream
    return replace(stream, due=row["extended_due"])


def _version(item: dict[str, Any]) -> Version:
    content = item.get("content")
    return Version(
        number=item["version"],
        kind=item["kind"],
        state=item["state"],
        submitted_at=datetime.fromisoformat(item["submitted_at"]),
        nothing_to_report=item["nothing_to_report"],
        content=SubmissionContent.model_validate(content) if content is not None else None,
        corrected_figures=tuple(CorrectedFigure.model_validate(f) for f in item.get("corrected_figures") or ()),
        reasons=tuple(ReasonForReturn.model_validate(reason) for reason in item["reasons"] or ()),
        due=date.fromisoformat(item["due"]) if item["due"] else None,
        decided_at=datetime.fromisoformat(item["decided_at"]) if item["decided_at"] else None,
        authors=authors_of(item.get("authors")),
        imported=bool(item.get("imported")),
    )
