"""SQL of what quotes submissions, and may have to be cleaned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def reasons(conn: Connection, member: str) -> list[dict[str, Any]]:
    """The reasons of a member's corrections as they stand, in all versions: `{lv, en}`."""
    rows = await conn.fetch(
        """
        select figure -> 'reason' as reason
          from projection.submission_version v, jsonb_array_elements(v.corrected_figures) as figure
         where v.member = $1
        """,
        member,
    )
    return [row["reason"] for row in rows]


async def releases(conn: Connection) -> list[tuple[str, int, dict[str, Any]]]:
    """(period, version, document) of every release."""
    rows = await conn.fetch("select period, version, document from facts.release order by period, version")
    return [(row["period"], row["version"], row["document"]) for row in rows]


async def replace_release(conn: Connection, period: str, version: int, document: dict[str, Any]) -> None:
    """What a release says without what was redacted."""
    await conn.execute(
        "update facts.release set document = $3 where period = $1 and version = $2", period, version, document
    )


async def histories(conn: Connection) -> list[tuple[str, int, dict[str, Any]]]:
    """(series, revision, document) of everything recorded, the revisions before the newest one too."""
    rows = await conn.fetch("select series, revision, document from facts.history order by series, revision")
    return [(row["series"], row["revision"], row["document"]) for row in rows]


async def replace_history(conn: Connection, series: str, revision: int, document: dict[str, Any]) -> None:
    """What a series says without what was redacted."""
    await conn.execute(
        "update facts.history set document = $3 where series = $1 and revision = $2", series, revision, document
    )
