"""SQL of second factors and recovery codes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def confirmed(conn: Connection, person: bytes) -> datetime | None:
    """When the person's second factor was set up; null where there is none."""
    since: datetime | None = await conn.fetchval(
        "select confirmed_at from facts.second_factor where person = $1", person
    )
    return since


async def all_confirmed(conn: Connection) -> dict[bytes, datetime]:
    """Person → when the second factor was set up, of everybody who has one."""
    rows = await conn.fetch("select person, confirmed_at from facts.second_factor where confirmed_at is not null")
    return {row["person"]: row["confirmed_at"] for row in rows}


async def offices(conn: Connection) -> list[asyncpg.Record]:
    """(member, role, address) of every contact."""
    return await conn.fetch("select member, role, address from facts.contact order by member, role")


async def find(conn: Connection, person: bytes) -> asyncpg.Record | None:
    """The person's second factor, confirmed or not."""
    return await conn.fetchrow(
        "select secret, confirmed_at, last_step from facts.second_factor where person = $1", person
    )


async def offer(conn: Connection, person: bytes, secret: bytes, now: datetime) -> None:
    """Keep a secret that waits for its first code; a confirmed one stays as it is."""
    await conn.execute(
        """
        insert into facts.second_factor (person, secret, created_at) values ($1, $2, $3)
        on conflict (person) do update set secret = excluded.secret, created_at = excluded.created_at, last_step = 0
         where second_factor.confirmed_at is null
        """,
        person,
        secret,
        now,
    )


async def use_step(conn: Connection, person: bytes, step: int, now: datetime) -> bool:
    """Use a time step up, and confirm the factor with its first one; False where it was used meanwhile."""
    return bool(
        await conn.fetchval(
            """
            update facts.second_factor set last_step = $2, confirmed_at = coalesce(confirmed_at, $3)
             where person = $1 and last_step < $2 returning true
            """,
            person,
            step,
            now,
        )
    )


async def replace_codes(conn: Connection, person: bytes, codes: Sequence[bytes]) -> None:
    """New recovery codes; the ones before are worth nothing."""
    await conn.execute("delete from facts.recovery_code where person = $1", person)
    await conn.execute(
        "insert into facts.recovery_code (person, code) select $1, unnest($2::bytea[])", person, list(codes)
    )


async def use_code(conn: Connection, person: bytes, code: bytes, now: datetime) -> bool:
    """Use a recovery code up; False where there is none such, or it was used."""
    return bool(
        await conn.fetchval(
            """
            update facts.recovery_code set used_at = $3
             where person = $1 and code = $2 and used_at is null returning true
            """,
            person,
            code,
            now,
        )
    )


async def codes_left(conn: Connection, person: bytes) -> int:
    """How many recovery codes were not used."""
    return int(
        await conn.fetchval("select count(*) from facts.recovery_code where person = $1 and used_at is null", person)
    )


async def forget(conn: Connection, person: bytes) -> bool:
    """Take a person's second factor away, with its recovery codes; False where there is none."""
    return bool(await conn.fetchval("delete from facts.second_factor where person = $1 returning true", person))
