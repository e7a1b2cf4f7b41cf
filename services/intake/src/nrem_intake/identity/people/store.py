"""SQL of who an address belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


async def contacts_at(conn: Connection, address: str) -> list[asyncpg.Record]:
    """Contacts with this address, whichever way it is capitalised."""
    return await conn.fetch(
        """
        select c.id, c.member, c.role, c.language, i.item->>'abbreviation' as abbreviation,
               i.item->'name' as institution
          from facts.contact c join facts.institution i on i.code = c.member
         where lower(c.address) = lower($1)
        """,
        address,
    )


async def contributors_at(conn: Connection, address: str) -> list[asyncpg.Record]:
    """People with this address who help an institution."""
    return await conn.fetch(
        """
        select p.id, p.member, p.name, p.language, p.sections, i.item->>'abbreviation' as abbreviation,
               i.item->'name' as institution
          from facts.contributor p join facts.institution i on i.code = p.member
         where lower(p.address) = lower($1)
        """,
        address,
    )
