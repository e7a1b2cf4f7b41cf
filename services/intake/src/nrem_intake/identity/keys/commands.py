"""Issuing and revoking institutions' keys, and publishing the signing key: commands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from nrem_intake.identity.keys import store
from nrem_intake.identity.secrets import keyed_hash, new_secret
from nrem_intake.settings import IntakeSettings
from nrem_shared.contracts.members import AccessRevoked, InstitutionKeyIssued, SigningKeyPublished
from nrem_shared.runtime.identity.tokens import TokenIssuer
from nrem_shared.runtime.journal import Fact, Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from nrem_shared.runtime.journal import Writing
    from nrem_shared.runtime.service import Runtime


def settings_of(runtime: Runtime) -> IntakeSettings:
    """Intake's own settings."""
    if not isinstance(runtime.settings, IntakeSettings):
        raise TypeError("intake runs on IntakeSettings")
    return runtime.settings


def issuer_of(runtime: Runtime) -> TokenIssuer:
    """Reads the private key; the one that signs from the next start on."""
    settings = settings_of(runtime)
    return TokenIssuer.from_pem(settings.signing_key_file.read_bytes(), settings.token_issuer)


async def issue_key(
    writing: Writing,
    settings: IntakeSettings,
    member: str,
    roles: Sequence[str],
    replaces: tuple[UUID, datetime] | None = None,
) -> tuple[UUID, str]:
    """A new key for an institution's machine: (id, secret). The secret is shown once and kept nowhere.

    `replaces` = the key that it follows, and when that one ends.
    """
    key, secret = uuid4(), new_secret()
    hashed = keyed_hash(settings.key_pepper.get_secret_value(), secret)
    old, until = replaces or (None, None)
    await store.insert_key(writing.conn, key, member, roles, hashed, writing.now, old)
    data = InstitutionKeyIssued(
        key=str(key), member=member, roles=tuple(roles), replaces=str(old) if old else None, replaced_until=until
    )
    writing.record(Fact("nrem.institution-key.issued.v1", f"key/{key}", 1, data))
    return key, secret


async def rotate_key(
    writing: Writing, settings: IntakeSettings, old: asyncpg.Record, overlap: timedelta
) -> tuple[UUID, str, datetime]:
    """A second key beside an active one, which ends after the overlap: (id, secret, when the old one ends).

    A key that was to end earlier ends then.
    """
    ends_at = min(writing.now + overlap, old["ends_at"] or datetime.max.replace(tzinfo=UTC))
    await store.end_key(writing.conn, old["id"], ends_at)
    key, secret = await issue_key(writing, settings, old["member"], old["roles"], (old["id"], ends_at))
    return key, secret, ends_at


async def revoke_key(writing: Writing, id: UUID) -> bool:
    """Revoke a key; tokens that came from it are refused as soon as the event has arrived. False: there is none."""
    if await store.revoke_key(writing.conn, id, writing.now) is None:
        return False
    writing.record(Fact("nrem.access.revoked.v1", f"key/{id}", 2, AccessRevoked(kind="key", id=str(id))))
    return True


async def publish_signing_key(runtime: Runtime, issuer: TokenIssuer) -> None:
    """Let every service know the public part of the signing key; once per key."""
    async with runtime.journal.writing(_own("start")) as writing:
        if not await store.signing_key_published(writing.conn, issuer.kid):
            data = SigningKeyPublished(kid=issuer.kid, jwk=issuer.public_jwk)
            writing.record(Fact("nrem.signing-key.published.v1", f"signing-key/{issuer.kid}", 1, data))


async def bootstrap(
    runtime: Runtime, member: str = "iem", roles: Sequence[str] = ("coordinator", "operator")
) -> tuple[UUID, str] | None:
    """The installation's first key (id, secret), from which all others come; null where there are keys already."""
    async with runtime.journal.writing(_own("bootstrap")) as writing:
        if await store.has_keys(writing.conn):
            return None
        return await issue_key(writing, settings_of(runtime), member, roles)


def _own(what: str) -> Provenance:
    return Provenance("service:intake", f"{what}-{datetime.now(UTC).isoformat(timespec='seconds')}")
