"""SQL of remarks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from nrem_intake.discussions.domain import Remark
from nrem_shared.contracts.base import LocalizedText

if TYPE_CHECKING:
    from nrem_shared.contracts.discussions import RemarkMade
    from nrem_shared.runtime.database import Connection


async def remarks(conn: Connection, period: str, member: str) -> list[Remark]:
    """Everything said about one submission, oldest first."""
    rows = await conn.fetch(
        """
        select number, version, at, item, text, side, said_by, made_at
          from facts.remark where period = $1 and member = $2 order by number
        """,
        period,
        member,
    )
    return [
        Remark(
            number=row["number"],
            version=row["version"],
            at=row["at"],
            item=row["item"],
            text=LocalizedText.model_validate(row["text"]),
            side=row["side"],
            by=row["said_by"],
            made_at=row["made_at"],
        )
        for row in rows
    ]


async def last_number(conn: Connection, period: str, member: str) -> int:
    """How many remarks were made about one submission."""
    return int(
        await conn.fetchval(
            "select coalesce(max(number), 0) from facts.remark where period = $1 and member = $2", period, member
        )
    )


async def first_about(conn: Connection, period: str, member: str, item: str) -> int | None:
    """The number of the first remark about an item; null where nothing was said about it yet."""
    found: int | None = await conn.fetchval(
        "select min(number) from facts.remark where period = $1 and member = $2 and item = $3", period, member, item
    )
    return found


async def unanswered(conn: Connection, member: str) -> set[tuple[str, str]]:
    """(period, member) of those submissions of a member about which the coordinator said the last word."""
    rows = await conn.fetch(
        """
        select distinct on (period) period, member, side from facts.remark
         where member = $1 order by period, number desc
        """,
        member,
    )
    return {(row["period"], row["member"]) for row in rows if row["side"] == "coordinator"}


async def add(conn: Connection, number: int, made: RemarkMade, now: datetime) -> None:
    """Keep a remark."""
    await conn.execute(
        """
        insert into facts.remark (period, member, number, version, at, item, text, side, said_by, made_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        made.period,
        made.member,
        number,
        made.version,
        made.at,
        made.item,
        made.text.model_dump(mode="json"),
        made.side,
        made.by,
        now,
    )
