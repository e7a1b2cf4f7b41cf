"""SQL of corrections that were prepared and wait for a signature, or to be mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """`items` as they would be submitted, `given` as they were typed (none where they came as a file)."""

    period: str
    member: str
    stream_revision: int
    items: list[dict[str, Any]]
    prepared_by: str
    changed_at: datetime
    given: dict[str, str] = field(default_factory=dict)
    state: str = "awaiting_signature"
    note: str | None = None

    @property
    def awaiting(self) -> bool:
        """Whether it waits for the signature."""
        return self.state == "awaiting_signature"


async def correction_draft(conn: Connection, period: str, member: str) -> CorrectionDraft | None:
    """The correction that was prepared, if there is one."""
    row = await conn.fetchrow(
        """
        select period, member, stream_revision, items, prepared_by, changed_at, given, state, note
          from facts.correction_draft where period = $1 and member = $2
        """,
        period,
        member,
    )
    return CorrectionDraft(**dict(row)) if row else None


async def put_correction_draft(conn: Connection, one: CorrectionDraft) -> None:
    """Write it over whatever there was."""
    await conn.execute(
        """
        insert into facts.correction_draft (period, member, stream_revision, items, prepared_by, changed_at, given,
                                            state, note)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (period, member) do update
           set stream_revision = excluded.stream_revision, items = excluded.items, prepared_by = excluded.prepared_by,
               changed_at = excluded.changed_at, given = excluded.given, state = excluded.state, note = excluded.note
        """,
        one.period,
        one.member,
        one.stream_revision,
        one.items,
        one.prepared_by,
        one.changed_at,
        one.given,
        one.state,
        one.note,
    )


async def delete_correction_draft(conn: Connection, period: str, member: str) -> None:
    """It was submitted, or is given up."""
    await conn.execute("delete from facts.correction_draft where period = $1 and member = $2", period, member)
