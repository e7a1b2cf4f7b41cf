"""SQL of recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.plans import RecommendationRecorded

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def all_recommendations(conn: Connection) -> dict[str, tuple[int, RecommendationRecorded]]:
    """Code → (revision, recommendation)."""
    rows = await conn.fetch("select code, revision, item from facts.recommendation order by code")
    return {row["code"]: (row["revision"], RecommendationRecorded.model_validate(row["item"])) for row in rows}


async def save(conn: Connection, item: RecommendationRecorded, revision: int) -> None:
    """Insert or replace."""
    await conn.execute(
        """
        insert into facts.recommendation (code, revision, item) values ($1, $2, $3)
        on conflict (code) do update set revision = excluded.revision, item = excluded.item
        """,
        item.code,
        revision,
        item.model_dump(mode="json"),
    )
