"""SQL of what every projection takes over for the platform: public keys, revocations, the demonstration's clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nrem_shared.runtime.database import Connection


async def save_signing_keys(conn: Connection, keys: Mapping[str, dict[str, Any]]) -> None:
    """Public keys by kid."""
    await conn.execute(
        """
        insert into projection.signing_key (kid, jwk) select * from unnest($1::text[], $2::jsonb[])
        on conflict (kid) do update set jwk = excluded.jwk
        """,
        list(keys.keys()),
        list(keys.values()),
    )


async def save_revocations(conn: Connection, revocations: Sequence[tuple[str, str, datetime]]) -> None:
    """Keys and sessions that may not be used any more."""
    await conn.execute(
        """
        insert into projection.revocation (kind, id, revoked_at)
        select * from unnest($1::text[], $2::text[], $3::timestamptz[]) on conflict do nothing
        """,
        [r[0] for r in revocations],
        [r[1] for r in revocations],
        [r[2] for r in revocations],
    )


async def access_lists(conn: Connection) -> tuple[dict[str, dict[str, Any]], set[tuple[str, str]]]:
    """(public keys by kid, revoked (kind, id))."""
    keys = await conn.fetch("select kid, jwk from projection.signing_key")
    revoked = await conn.fetch("select kind, id from projection.revocation")
    return {row["kid"]: row["jwk"] for row in keys}, {(row["kind"], row["id"]) for row in revoked}


async def save_clock(conn: Connection, now: datetime) -> None:
    """Where the demonstration stands; never goes back."""
    await conn.execute(
        """
        insert into projection.clock (now) values ($1)
        on conflict (only_row) do update set now = greatest(projection.clock.now, excluded.now)
        """,
        now,
    )


async def clock(conn: Connection) -> datetime | None:
    """Where the demonstration stands as far as this service knows."""
    now: datetime | None = await conn.fetchval("select now from projection.clock")
    return now
