"""What stands in the echo's projection, for comparing with a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from nrem_shared.runtime.database import prepare
from nrem_shared.runtime.projection import problem_store
from nrem_shared.runtime.settings import ServiceSettings
from support.echo import store as echo_store
from support.eventually import eventually

Label = tuple[str, int, str]


class Projection:
    """A connection to a service's database, to look at its projection."""

    def __init__(self, conn: asyncpg.Connection) -> None:
        self.conn = conn

    @classmethod
    async def open(cls, settings: ServiceSettings) -> Projection:
        """As the app role; close it."""
        conn = await asyncpg.connect(str(settings.database_url))
        await prepare(conn)
        return cls(conn)

    async def table(self) -> list[Label]:
        """All (code, revision, label)."""
        rows = await echo_store.table(self.conn)
        return [(subject.removeprefix("member/"), revision, label) for subject, revision, label in rows]

    async def letters(self) -> list[tuple[str, str | None]]:
        """(cause, key) of each open dead letter."""
        return [(row["cause"], row["key"]) for row in await problem_store.dead_letters(self.conn, only_open=True)]

    async def gaps(self) -> list[tuple[int, int]]:
        """(after, before) of each open gap."""
        rows = await self.conn.fetch("select after, before from projection.gap order by 1, 2")
        return [(row["after"], row["before"]) for row in rows]

    async def has(self, labels: Sequence[Label], seconds: float = 20) -> None:
        """Wait until the table is exactly this."""

        async def same() -> bool:
            assert await self.table() == sorted(labels)
            return True

        await eventually(same, seconds=seconds)

    async def has_letters(self, *expected: tuple[str, str | None]) -> None:
        """Wait until exactly these dead letters are open."""

        async def same() -> bool:
            assert await self.letters() == list(expected)
            return True

        await eventually(same)

    async def applied(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Topic-partition → (position, next offset), where anything was applied."""
        rows: list[Any] = await self.conn.fetch("select * from projection.applied where next_offset > 0")
        return {(row["topic"], row["partition"]): (row["position"], row["next_offset"]) for row in rows}
