"""SQL of decisions and tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.tasks.domain import KnownTask, Task
from nrem_shared.contracts.meetings import DecisionTaken

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def tasks(conn: Connection) -> dict[str, KnownTask]:
    """Code → task, by code."""
    rows = await conn.fetch("select code, revision, item from facts.task order by code")
    return {row["code"]: KnownTask(row["revision"], Task.model_validate(row["item"])) for row in rows}


async def save_task(conn: Connection, task: Task, revision: int) -> None:
    """Insert or replace."""
    await conn.execute(
        """
        insert into facts.task (code, revision, meeting, owner, due, state, item) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (code) do update
           set revision = excluded.revision, due = excluded.due, state = excluded.state, item = excluded.item
        """,
        task.code,
        revision,
        task.meeting,
        task.owner,
        task.due,
        task.state,
        task.model_dump(mode="json"),
    )


async def decisions(conn: Connection) -> dict[str, DecisionTaken]:
    """Code → decision, by code."""
    rows = await conn.fetch("select code, item from facts.decision order by code")
    return {row["code"]: DecisionTaken.model_validate(row["item"]) for row in rows}


async def save_decision(conn: Connection, decision: DecisionTaken) -> None:
    """Add one; none is ever changed."""
    await conn.execute(
        "insert into facts.decision (code, revision, meeting, item) values ($1, 1, $2, $3)",
        decision.code,
        decision.meeting,
        decision.model_dump(mode="json"),
    )
