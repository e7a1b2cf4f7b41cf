"""Public keys and revocations of this process, from the projection; read again when it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nrem_shared.runtime.identity.tokens import InvalidToken, TokenVerifier
from nrem_shared.runtime.projection import platform_store

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_shared.runtime.database import Pool
    from nrem_shared.runtime.identity.principal import Principal

TOKEN_COOKIE = "nrem_token"  # noqa: S105 (a cookie's name)

#: Says that the browser has a session, from which a token can be renewed; says nothing else and proves nothing.
SIGNED_IN_COOKIE = "nrem_signed_in"


def signed_in_before(request: Request) -> bool:
    """Whether the browser has, or had, a session: a page for everybody may then renew the token before it answers."""
    return SIGNED_IN_COOKIE in request.cookies


class IdentityCache:
    """Answers who is asking without a database read per request."""

    def __init__(self, issuer: str, pool: Pool) -> None:
        self._issuer = issuer
        self._pool = pool
        self._verifier = TokenVerifier(issuer, {})
        self._keys: dict[str, dict[str, object]] = {}
        self._revoked: set[tuple[str, str]] = set()

    async def reload(self) -> None:
        """Read keys and revocations again. What was known stays known while the projection is rebuilt."""
        async with self._pool.acquire() as conn:
            keys, revoked = await platform_store.access_lists(conn)
        if not keys.items() <= self._keys.items():
            self._keys = {**self._keys, **keys}
            self._verifier = TokenVerifier(self._issuer, self._keys)
        self._revoked |= revoked

    def identify(self, request: Request) -> Principal | None:
        """Who the token is for; null for nobody: why it was refused stands in `request.state.token_problem`."""
        token, by_cookie = _token_of(request)
        if token is None:
            return None
        try:
            principal = self._verifier.verify(token)
        except InvalidToken as error:
            request.state.token_problem = f"{error}."
            return None
        if ("key", principal.key) in self._revoked or ("session", principal.session) in self._revoked:
            request.state.token_problem = "the access was revoked."  # noqa: S105
            return None
        return _by_cookie(principal) if by_cookie else principal


def _token_of(request: Request) -> tuple[str | None, bool]:
    header = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip(), False
    return request.cookies.get(TOKEN_COOKIE), True


def _by_cookie(principal: Principal) -> Principal:
    return replace(principal, by_cookie=True)
