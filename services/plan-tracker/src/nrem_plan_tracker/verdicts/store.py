"""SQL of verdicts and dissents."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from nrem_shared.contracts.plans import DissentRecorded, VerdictGiven

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def verdicts(conn: Connection, plan: str, known_on: datetime) -> list[VerdictGiven]:
    """The verdicts on a plan's results given by `known_on`, oldest first."""
    rows = await conn.fetch(
        "select item from facts.verdict where plan = $1 and given_at <= $2 order by given_at, result, revision",
        plan,
        known_on,
    )
    return [VerdictGiven.model_validate(row["item"]) for row in rows]


async def dissents(conn: Connection, plan: str, known_on: datetime) -> list[DissentRecorded]:
    """The dissents recorded by `known_on`, by institution, oldest first."""
    rows = await conn.fetch(
        """
        select item from facts.dissent
         where plan = $1 and recorded_at <= $2
         order by institution, result, revision
        """,
        plan,
        known_on,
    )
    return [DissentRecorded.model_validate(row["item"]) for row in rows]


async def judged(conn: Connection, plan: str) -> set[str]:
    """The results of a plan that have a verdict."""
    return {
        row["result"] for row in await conn.fetch("select distinct result from facts.verdict where plan = $1", plan)
    }


async def save_verdict(conn: Connection, item: VerdictGiven, revision: int) -> None:
    """Add one; none is ever replaced."""
    await conn.execute(
        "insert into facts.verdict (plan, result, revision, given_at, item) values ($1, $2, $3, $4, $5)",
        item.plan,
        item.result,
        revision,
        item.given_at,
        item.model_dump(mode="json"),
    )


async def save_dissent(conn: Connection, item: DissentRecorded, revision: int) -> None:
    """Add one; none is ever replaced."""
    await conn.execute(
        """
        insert into facts.dissent (plan, result, institution, revision, recorded_at, item)
        values ($1, $2, $3, $4, $5, $6)
        """,
        item.plan,
        item.result,
        item.institution,
        revision,
        item.recorded_on,
        item.model_dump(mode="json"),
    )
