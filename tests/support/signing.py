"""Tokens as intake issues them, with a key of the session's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from joserfc.jwk import ECKey

from nrem_shared.runtime.database import prepare
from nrem_shared.runtime.identity.cache import TOKEN_COOKIE
from nrem_shared.runtime.identity.tokens import TokenIssuer
from nrem_shared.runtime.projection import platform_store, store

if TYPE_CHECKING:
    from nrem_shared.runtime.settings import ServiceSettings

ISSUER = "nrem-intake"


@dataclass(frozen=True)
class Signing:
    """A signing key: `pem_file` for intake's settings, `token` for requests, `trust` for a service's projection."""

    issuer: TokenIssuer
    pem_file: Path

    @classmethod
    def create(cls, folder: Path) -> Signing:
        """With a new key, written to `folder`."""
        pem = ECKey.generate_key("P-256", private=True).as_pem(private=True)
        path = folder / "signing-key.pem"
        path.write_bytes(pem)
        return cls(TokenIssuer.from_pem(pem, ISSUER), path)

    def token(
        self,
        *roles: str,
        member: str | None = None,
        subject: str | None = None,
        language: str = "en",
        key: str | None = None,
        session: str | None = None,
        sections: Iterable[str] = (),
        now: datetime | None = None,
    ) -> str:
        """A token of somebody with these roles; `subject` is made up from them where it is not given."""
        return self.issuer.issue(
            subject=subject or f"key:{member or '-'.join(sorted(roles))}",
            roles=frozenset(roles),
            member=member,
            display=member or "test",
            language=language,
            key=key,
            session=session,
            sections=frozenset(sections),
            now=now,
        )

    def bearer(self, *roles: str, member: str | None = None, key: str | None = None) -> dict[str, str]:
        """Headers of an institution's machine."""
        return {"Authorization": f"Bearer {self.token(*roles, member=member, key=key)}"}

    def cookie(
        self, *roles: str, member: str | None = None, session: str | None = None, sections: Iterable[str] = ()
    ) -> dict[str, str]:
        """Headers of a browser that was signed in, on our own pages."""
        token = self.token(*roles, member=member, session=session, sections=sections)
        return {"Cookie": f"{TOKEN_COOKIE}={token}", "Sec-Fetch-Site": "same-origin"}

    async def trust(self, settings: ServiceSettings) -> None:
        """Let a service know this key as if it had come over the bus."""
        connection = await asyncpg.connect(str(settings.database_url))
        try:
            await prepare(connection)
            await platform_store.save_signing_keys(connection, {self.issuer.kid: self.issuer.public_jwk})
            await store.notify(connection)
        finally:
            await connection.close()
