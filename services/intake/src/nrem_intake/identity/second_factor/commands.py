"""Setting a second factor up and showing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nrem_intake.identity.keys.commands import settings_of
from nrem_intake.identity.second_factor import domain, store
from nrem_intake.identity.secrets import keyed_hash, person_of, seal, unseal
from nrem_intake.members import store as members_store
from nrem_shared.runtime.logs import logger

if TYPE_CHECKING:
    from nrem_shared.contracts.members import ContactRole
    from nrem_shared.runtime.service import Runtime

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """Whose second factor it is, and with which pepper it is kept."""

    address: str
    pepper: str

    @classmethod
    def at(cls, runtime: Runtime, address: str) -> Person:
        """The person with this address."""
        return cls(address, settings_of(runtime).key_pepper.get_secret_value())

    @property
    def key(self) -> bytes:
        """Under which it is kept."""
        return person_of(self.pepper, self.address)

    def code_hash(self, code: str) -> bytes:
        """Under which a recovery code is kept."""
        return keyed_hash(self.pepper, f"recovery:{self.address}:{domain.plain_code(code)}")


async def offered_secret(runtime: Runtime, person: Person) -> str | None:
    """The secret to set up now: the same while it waits to be confirmed; null where a factor is set up already."""
    async with runtime.pool.acquire() as conn, conn.transaction():
        found = await store.find(conn, person.key)
        if found is not None and found["confirmed_at"] is not None:
            return None
        if found is not None:
            return unseal(person.pepper, found["secret"], person.key)
        secret = domain.new_totp_secret()
        await store.offer(conn, person.key, seal(person.pepper, secret, person.key), datetime.now(UTC))
    return secret


async def shown(runtime: Runtime, person: Person, typed: str) -> bool:
    """Whether this is a code of the person's device that was not used before, or an unused recovery code."""
    code, now = domain.plain_code(typed), datetime.now(UTC)
    async with runtime.pool.acquire() as conn:
        found = await store.find(conn, person.key)
        if found is None:
            return False
        if not domain.is_one_time(code):
            return found["confirmed_at"] is not None and await store.use_code(
                conn, person.key, person.code_hash(code), now
            )
        secret = unseal(person.pepper, found["secret"], person.key)
        step = domain.matching_step(secret, code, now, found["last_step"])
        return step is not None and await store.use_step(conn, person.key, step, now)


async def new_codes(runtime: Runtime, person: Person) -> tuple[str, ...]:
    """Ten fresh recovery codes, to be shown this once."""
    codes = domain.new_recovery_codes()
    async with runtime.pool.acquire() as conn, conn.transaction():
        await store.replace_codes(conn, person.key, [person.code_hash(code) for code in codes])
    return codes


async def take_away(runtime: Runtime, member: str, role: ContactRole, by: str) -> bool:
    """Take the device of an office's holder away, with the recovery codes; False where there is none."""
    async with runtime.pool.acquire() as conn:
        contact = await members_store.contact(conn, member, role)
        gone = contact is not None and await store.forget(conn, Person.at(runtime, contact["address"]).key)
    if gone:
        _log.warning("a second factor was taken away", member=member, role=role, by=by)
    return gone
