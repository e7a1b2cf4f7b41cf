"""Sessions: an opaque cookie for intake, from which short tokens for every service are renewed.

Each step up gets a new session with a new cookie; the one before it is gone, and its tokens are refused.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from nrem_intake.identity.keys.commands import settings_of
from nrem_intake.identity.secrets import new_secret, plain_hash
from nrem_intake.identity.sessions import store
from nrem_shared.contracts.members import AccessRevoked
from nrem_shared.runtime.journal import Fact, Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    import asyncpg

    from nrem_intake.identity.sessions.domain import Entry
    from nrem_shared.runtime.identity.tokens import TokenIssuer
    from nrem_shared.runtime.journal import Writing
    from nrem_shared.runtime.service import Runtime


async def begin(runtime: Runtime, entry: Entry, replaced: asyncpg.Record | None = None, correlation: str = "") -> str:
    """A new session in place of `replaced`; returns the cookie's value, which is kept nowhere.

    A session that follows another ends when that one would have: choosing a role does not make it longer.
    """
    cookie, now = new_secret(), datetime.now(UTC)
    ends_at = now + timedelta(hours=settings_of(runtime).session_hours)
    if replaced is not None:
        ends_at = min(ends_at, replaced["ends_at"])
        await end(runtime, replaced["cookie"], Provenance(replaced["subject"], correlation or str(uuid4())))
    async with runtime.pool.acquire() as conn:
        await store.delete_ended(conn, now)
        await store.insert(conn, uuid4(), plain_hash(cookie), entry, now, ends_at)
    return cookie


def idle_since(runtime: Runtime, now: datetime) -> datetime:
    """A session that was not used since then has ended."""
    return now - timedelta(minutes=settings_of(runtime).session_idle_minutes)


async def token_for(runtime: Runtime, issuer: TokenIssuer, cookie: str | None) -> str | None:
    """A fresh token for a session's cookie, or null where the session has ended or is not complete."""
    if not cookie:
        return None
    now = datetime.now(UTC)
    async with runtime.pool.acquire() as conn:
        found = await store.use(conn, plain_hash(cookie), now, idle_since(runtime, now))
    if found is None:
        return None
    return issuer.issue(
        subject=found["subject"],
        roles=frozenset(found["roles"]),
        member=found["member"],
        display=found["display"],
        language=found["language"],
        session=str(found["id"]),
        sections=frozenset(found["sections"]),
        office=found["office"],
    )


async def session_of(runtime: Runtime, cookie: str | None) -> asyncpg.Record | None:
    """The session of a cookie, at whichever step it is."""
    if not cookie:
        return None
    now = datetime.now(UTC)
    async with runtime.pool.acquire() as conn:
        return await store.find(conn, plain_hash(cookie), now, idle_since(runtime, now))


async def end(runtime: Runtime, cookie: bytes, who: Provenance) -> None:
    """End the session of a cookie's hash; its tokens are refused everywhere within seconds."""
    async with runtime.journal.writing(who) as writing:
        ended = await store.delete(writing.conn, cookie)
        if ended is not None and ended["step"] == "complete":
            revoke(writing, [ended["id"]])


async def end_of_person(runtime: Runtime, address: str, id: UUID | None, who: Provenance) -> int:
    """End one of a person's sessions, or all (`id` null); how many there were."""
    async with runtime.journal.writing(who) as writing:
        ended = await store.delete_of_address(writing.conn, address, id)
        revoke(writing, ended)
    return len(ended)


async def end_of_contact(writing: Writing, contact: UUID) -> None:
    """A contact was replaced or erased: whoever acted as it is out within seconds."""
    revoke(writing, await store.delete_of_contact(writing.conn, contact))


async def end_of_contributor(writing: Writing, contributor: UUID) -> None:
    """A contributor was removed, or may fill less."""
    revoke(writing, await store.delete_of_contributor(writing.conn, contributor))


def revoke(writing: Writing, sessions: Iterable[UUID]) -> None:
    """Tell every service that these sessions have ended."""
    for session in sessions:
        data = AccessRevoked(kind="session", id=str(session))
        writing.record(Fact("nrem.access.revoked.v1", f"session/{session}", 1, data))
