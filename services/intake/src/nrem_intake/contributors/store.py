"""SQL of contributors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class Contributor:
    """Somebody who helps an institution."""

    id: UUID
    member: str
    address: str
    name: str
    language: str
    sections: tuple[str, ...]
    revision: int
    invited_at: datetime


async def of_member(conn: Connection, member: str) -> list[Contributor]:
    """Everybody who helps an institution, by name."""
    rows = await conn.fetch(
        """
        select id, member, address, name, language, sections, revision, invited_at
          from facts.contributor where member = $1 order by name, id
        """,
        member,
    )
    return [Contributor(**{**dict(row), "sections": tuple(row["sections"])}) for row in rows]


async def find(conn: Connection, id: UUID) -> Contributor | None:
    """One of them."""
    row = await conn.fetchrow(
        """
        select id, member, address, name, language, sections, revision, invited_at
          from facts.contributor where id = $1
        """,
        id,
    )
    return Contributor(**{**dict(row), "sections": tuple(row["sections"])}) if row else None


async def insert(conn: Connection, one: Contributor) -> None:
    """Keep somebody."""
    await conn.execute(
        """
        insert into facts.contributor (id, member, address, name, language, sections, revision, invited_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        one.id,
        one.member,
        one.address,
        one.name,
        one.language,
        list(one.sections),
        one.revision,
        one.invited_at,
    )


async def set_sections(conn: Connection, id: UUID, sections: Sequence[str], revision: int) -> None:
    """Give other sections."""
    await conn.execute(
        "update facts.contributor set sections = $2, revision = $3 where id = $1", id, list(sections), revision
    )


async def delete(conn: Connection, id: UUID) -> None:
    """Erase somebody."""
    await conn.execute("delete from facts.contributor where id = $1", id)
