"""SQL of every table in which a fact of plan-tracker is kept: read for texts to take out, and written without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is read as (stream, revision, item) and one row of it replaced ($1 stream, $2 revision, $3 new
    revision, $4 item). `newest_only` = it keeps a stream's state, else its history, whose revisions stay."""

    select: str
    update: str
    newest_only: bool


TABLES = (
    Table(
        "select 'plan/' || code as stream, revision, item from facts.plan",
        """
        update facts.plan set revision = $3, item = $4
         where 'plan/' || code = $1 and revision = $2
        """,
        newest_only=True,
    ),
    Table(
        "select 'recommendation/' || code as stream, revision, item from facts.recommendation",
        """
        update facts.recommendation set revision = $3, item = $4
         where 'recommendation/' || code = $1 and revision = $2
        """,
        newest_only=True,
    ),
    Table(
        "select 'legal-deadline/' || code as stream, revision, item from facts.legal_deadline",
        """
        update facts.legal_deadline set revision = $3, item = $4
         where 'legal-deadline/' || code = $1 and revision = $2
        """,
        newest_only=True,
    ),
    Table(
        "select 'meeting/' || code as stream, revision, item from facts.meeting",
        """
        update facts.meeting set revision = $3, item = $4
         where 'meeting/' || code = $1 and revision = $2
        """,
        newest_only=True,
    ),
    Table(
        "select 'minutes/' || meeting as stream, revision, item from facts.minutes",
        """
        update facts.minutes set revision = $3, item = $4
         where 'minutes/' || meeting = $1 and revision = $2
        """,
        newest_only=True,
    ),
    Table(
        "select 'task/' || code as stream, revision, item from facts.task",
        """
        update facts.task set revision = $3, item = $4
         where 'task/' || code = $1 and revision = $2
        """,
        newest_only=True,
    ),
    Table(
        "select 'decision/' || code as stream, revision, item from facts.decision",
        """
        update facts.decision set item = $4
         where 'decision/' || code = $1 and revision = $2 and $3::bigint = $2
        """,
        newest_only=False,
    ),
    Table(
        "select 'verdict/' || plan || '/' || result as stream, revision, item from facts.verdict",
        """
        update facts.verdict set item = $4
         where 'verdict/' || plan || '/' || result = $1 and revision = $2 and $3::bigint = $2
        """,
        newest_only=False,
    ),
    Table(
        "select 'dissent/' || plan || '/' || result || '/' || institution as stream, revision, item from facts.dissent",
        """
        update facts.dissent set item = $4
         where 'dissent/' || plan || '/' || result || '/' || institution = $1 and revision = $2 and $3::bigint = $2
        """,
        newest_only=False,
    ),
)


async def items(conn: Connection, table: Table) -> list[tuple[str, int, dict[str, Any]]]:
    """(stream, revision, item) of everything in a table."""
    return [(row["stream"], row["revision"], row["item"]) for row in await conn.fetch(table.select)]


async def replace(conn: Connection, table: Table, stream: str, held: int, now: int, item: dict[str, Any]) -> None:
    """What a row says without what was redacted; `held` is its revision, `now` the stream's."""
    await conn.execute(table.update, stream, held, now, item)
