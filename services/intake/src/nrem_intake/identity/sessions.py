"""Browser sessions: an opaque cookie for intake, from which short tokens for every service are renewed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from nrem_intake.identity import store
from nrem_intake.identity.domain import cookie_hash, new_secret
from nrem_intake.identity.keys import settings_of
from nrem_shared.contracts.members import AccessRevoked
from nrem_shared.runtime.identity.cache import SIGNED_IN_COOKIE, TOKEN_COOKIE
from nrem_shared.runtime.identity.tokens import LIFETIME, TokenIssuer
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from fastapi import Response

    from nrem_shared.runtime.journal import Provenance
    from nrem_shared.runtime.service import Runtime

SESSION_COOKIE = "nrem_session"


async def begin(runtime: Runtime, *, subject: str, roles: frozenset[str], member: str | None, display: str) -> str:
    """A new session; returns the cookie's value, which is kept nowhere."""
    cookie, now = new_secret(), datetime.now(UTC)
    ends_at = now + timedelta(hours=settings_of(runtime).session_hours)
    async with runtime.pool.acquire() as conn:
        await store.delete_ended_sessions(conn, now)
        await store.insert_session(
            conn, uuid4(), cookie_hash(cookie), subject, sorted(roles), member, display, now, ends_at
        )
    return cookie


async def token_for(runtime: Runtime, issuer: TokenIssuer, cookie: str | None) -> str | None:
    """A fresh token for a session's cookie, or null where the session has ended."""
    if not cookie:
        return None
    now = datetime.now(UTC)
    idle_since = now - timedelta(minutes=settings_of(runtime).session_idle_minutes)
    async with runtime.pool.acquire() as conn:
        found = await store.use_session(conn, cookie_hash(cookie), now, idle_since)
    if found is None:
        return None
    return issuer.issue(
        subject=found["subject"],
        roles=frozenset(found["roles"]),
        member=found["member"],
        display=found["display"],
        session=str(found["id"]),
    )


async def end(runtime: Runtime, cookie: str | None, who: Provenance) -> None:
    """End the session; its tokens are refused everywhere within seconds."""
    if not cookie:
        return
    async with runtime.journal.writing(who) as writing:
        ended = await store.delete_session(writing.conn, cookie_hash(cookie))
        if ended is not None:
            data = AccessRevoked(kind="session", id=str(ended))
            writing.record(Fact("nrem.access.revoked.v1", f"session/{ended}", 1, data))


def set_cookies(response: Response, runtime: Runtime, *, session: str | None, token: str) -> None:
    """Give the browser its session (if new) and a token; readable by no script, sent to no other site."""
    secure = runtime.settings.secure_cookies
    if session is not None:
        response.set_cookie(SESSION_COOKIE, session, path="/intake", httponly=True, samesite="lax", secure=secure)
        response.set_cookie(SIGNED_IN_COOKIE, "1", path="/", httponly=True, samesite="lax", secure=secure)
    response.set_cookie(
        TOKEN_COOKIE,
        token,
        max_age=int(LIFETIME.total_seconds()) - 15,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def clear_cookies(response: Response) -> None:
    """Forget session and token."""
    response.delete_cookie(SESSION_COOKIE, path="/intake")
    response.delete_cookie(SIGNED_IN_COOKIE, path="/")
    response.delete_cookie(TOKEN_COOKIE, path="/")
