"""SQL of notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_notifier.followup.domain import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection


async def add(conn: Connection, note: Note) -> None:
    """Keep a note."""
    await conn.execute(
        "insert into facts.note (id, obligation, institution, text, by, noted_at) values ($1, $2, $3, $4, $5, $6)",
        note.id,
        note.obligation,
        note.institution,
        note.text,
        note.by,
        note.noted_at,
    )


async def notes(conn: Connection, obligations: Sequence[str]) -> list[Note]:
    """Everything noted about these obligations, newest first."""
    rows = await conn.fetch(
        """
        select id, obligation, institution, text, by, noted_at
          from facts.note where obligation = any($1::text[]) order by noted_at desc, id
        """,
        list(obligations),
    )
    return [Note(*row) for row in rows]
