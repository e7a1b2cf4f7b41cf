"""Cookies of a session: readable by no script, sent with no post from another site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.runtime.identity.cache import SIGNED_IN_COOKIE, TOKEN_COOKIE
from nrem_shared.runtime.identity.tokens import LIFETIME

if TYPE_CHECKING:
    from fastapi import Response

    from nrem_shared.runtime.service import Runtime

SESSION_COOKIE = "nrem_session"
_PATH = "/intake"


def set_session(response: Response, runtime: Runtime, session: str) -> None:
    """Give the browser its session."""
    secure = runtime.settings.secure_cookies
    response.set_cookie(SESSION_COOKIE, session, path=_PATH, httponly=True, samesite="lax", secure=secure)
    response.set_cookie(SIGNED_IN_COOKIE, "1", path="/", httponly=True, samesite="lax", secure=secure)


def set_token(response: Response, runtime: Runtime, token: str | None) -> None:
    """Give the browser a token; null takes the one it has."""
    if token is None:
        response.delete_cookie(TOKEN_COOKIE, path="/")
        return
    response.set_cookie(
        TOKEN_COOKIE,
        token,
        max_age=int(LIFETIME.total_seconds()) - 15,
        path="/",
        httponly=True,
        samesite="lax",
        secure=runtime.settings.secure_cookies,
    )


def clear(response: Response) -> None:
    """Forget session and token."""
    response.delete_cookie(SESSION_COOKIE, path=_PATH)
    response.delete_cookie(SIGNED_IN_COOKIE, path="/")
    response.delete_cookie(TOKEN_COOKIE, path="/")
