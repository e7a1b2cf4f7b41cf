"""Which browser it is that asked: a cookie of its own, before anybody is signed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nrem_intake.identity.secrets import new_secret

if TYPE_CHECKING:
    from fastapi import Request, Response

    from nrem_shared.runtime.service import Runtime

BROWSER_COOKIE = "nrem_browser"
_PATH = "/intake/sign-in"
_SECONDS = 3600
_FORM = re.compile(r"^[A-Za-z0-9_-]{43}$")


def browser_of(request: Request) -> str | None:
    """The secret that this browser was given; null where it has none."""
    given = request.cookies.get(BROWSER_COOKIE, "")
    return given if _FORM.match(given) else None


def bind(response: Response, runtime: Runtime, browser: str) -> None:
    """Let the browser keep its secret for an hour; it is sent to the pages of signing in only."""
    response.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=_SECONDS,
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=runtime.settings.secure_cookies,
    )


def browser_or_new(request: Request) -> str:
    """The browser's secret, or a fresh one: who asks twice can use both links."""
    return browser_of(request) or new_secret()
