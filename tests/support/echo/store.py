"""SQL of the echo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def set_label(conn: Connection, code: str, label: str) -> int:
    """Keep the label; returns its revision."""
    revision: int = await conn.fetchval(
        """
        insert into facts.label (code, label, revision) values ($1, $2, 1)
        on conflict (code) do update set label = excluded.label, revision = facts.label.revision + 1
        returning revision
        """,
        code,
        label,
    )
    return revision


async def keep(conn: Connection, rows: Sequence[tuple[str, int, str]]) -> None:
    """Every revision, and the newest."""
    subjects, revisions, labels = [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]
    await conn.execute(
        """
        insert into projection.label_version (subject, revision, label)
        select * from unnest($1::text[], $2::bigint[], $3::text[]) on conflict do nothing
        """,
        subjects,
        revisions,
        labels,
    )
    await conn.execute(
        """
        insert into projection.label (subject, revision, label)
        select distinct on (subject) * from unnest($1::text[], $2::bigint[], $3::text[]) as r(subject, revision, label)
         order by subject, revision desc
        on conflict (subject) do update set revision = excluded.revision, label = excluded.label
         where projection.label.revision < excluded.revision
        """,
        subjects,
        revisions,
        labels,
    )


async def current(conn: Connection, subject: str) -> asyncpg.Record | None:
    """The newest label of a stream."""
    return await conn.fetchrow("select revision, label from projection.label where subject = $1", subject)


async def table(conn: Connection) -> list[tuple[str, int, str]]:
    """All revisions, in order."""
    rows = await conn.fetch("select subject, revision, label from projection.label_version order by 1, 2")
    return [(row["subject"], row["revision"], row["label"]) for row in rows]


async def newest(conn: Connection) -> dict[str, tuple[int, str]]:
    """Stream → its newest (revision, label)."""
    rows = await conn.fetch("select subject, revision, label from projection.label")
    return {row["subject"]: (row["revision"], row["label"]) for row in rows}
