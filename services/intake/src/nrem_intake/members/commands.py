"""Changing the register: institutions and contacts. Each runs inside one `Journal.writing`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal
from uuid import UUID, uuid4

from nrem_intake.identity.sessions.commands import end_of_contact
from nrem_intake.members import store
from nrem_intake.members.domain import check_register
from nrem_shared.contracts.members import ContactChanged, ContactRole, InstitutionRegistered
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import Problem

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing


async def register(writing: Writing, items: Sequence[InstitutionRegistered]) -> list[str]:
    """Insert or replace institutions; the codes of those that changed. Raises the 422 problem with every error."""
    known = await store.institutions(writing.conn)
    errors = check_register(items, {code: item for code, (_, item) in known.items()})
    if errors:
        raise Problem.invalid(errors, "The register is not valid")
    changed = {
        item.code: (known[item.code][0] + 1 if item.code in known else 1, item)
        for item in items
        if item.code not in known or known[item.code][1] != item
    }
    if changed:
        await store.save_institutions(writing.conn, changed)
    for code, (revision, item) in changed.items():
        writing.record(Fact("nrem.institution.registered.v1", f"member/{code}", revision, item))
    return list(changed)


async def set_contact(
    writing: Writing,
    code: str,
    role: ContactRole,
    address: str,
    language: Literal["lv", "en"],
    illustrative: bool,
) -> UUID:
    """Set whom to write to for a role; the address goes to no journal. Raises the 404 problem: no institution."""
    if await store.institution(writing.conn, code) is None:
        raise Problem.not_found(f"There is no institution {code}.")
    known = await store.contact(writing.conn, code, role)
    contact, revision = (known["id"], known["revision"] + 1) if known else (uuid4(), 1)
    await store.save_contact(writing.conn, contact, code, role, address, language, illustrative, revision)
    if known and known["address"].lower() != address.lower():
        await end_of_contact(writing, contact)  # somebody else holds the office now
    data = ContactChanged(contact=str(contact), member=code, role=role, language=language, illustrative=illustrative)
    writing.record(Fact("nrem.contact.changed.v1", f"contact/{contact}", revision, data))
    return contact


async def erase_contact(writing: Writing, code: str, role: ContactRole) -> None:
    """Erase an address; a tombstone follows it on the bus. Raises the 404 problem where there is none."""
    known = await store.contact(writing.conn, code, role)
    if known is None:
        raise Problem.not_found(f"{code} has no contact {role}.")
    await store.delete_contact(writing.conn, known["id"])
    await end_of_contact(writing, known["id"])
    data = ContactChanged(contact=str(known["id"]), member=code, role=role)
    writing.record(Fact("nrem.contact.changed.v1", f"contact/{known['id']}", known["revision"] + 1, data))
