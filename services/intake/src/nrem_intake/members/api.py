"""JSON routes of members, contacts and keys."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.members import store
from nrem_intake.members.domain import check_register
from nrem_shared.contracts.members import ContactChanged, ContactRole, InstitutionRegistered
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of

router = APIRouter(tags=["members"])


class Registered(BaseModel):
    """Codes of institutions that changed, and how many stayed as they were."""

    changed: list[str]
    unchanged: int


class Institution(InstitutionRegistered):
    """An institution and its revision."""

    revision: int


class ContactGiven(BaseModel):
    """Whom to write to, in which language."""

    address: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
    language: Literal["lv", "en"] = "lv"
    illustrative: bool = False


class Contact(ContactGiven):
    """A contact of an institution."""

    id: UUID
    role: str


@router.post("/api/members", summary="Register institutions", responses=problems(403))
async def register(
    request: Request, response: Response, items: Annotated[list[InstitutionRegistered], Body(max_length=500)]
) -> Registered:
    """Insert or replace a list of institutions with their memberships; all or nothing, all errors at once."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
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
    response.headers[AFTER] = writing.after
    return Registered(changed=list(changed), unchanged=len(items) - len(changed))


@router.get("/api/members", summary="All institutions")
async def list_members(request: Request) -> list[Institution]:
    """In alphabetical order of their codes."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.institutions(conn)
    return [Institution(revision=revision, **item.model_dump()) for revision, item in found.values()]


@router.get("/api/members/{code}", summary="One institution", responses=problems(404))
async def get_member(request: Request, code: str) -> Institution:
    """With its memberships."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.institution(conn, code)
    if found is None:
        raise Problem.not_found(f"There is no institution {code}.")
    return Institution(revision=found[0], **found[1].model_dump())


@router.get("/api/members/{code}/contacts", summary="Contacts of an institution", responses=problems(404))
async def list_contacts(request: Request, code: str) -> list[Contact]:
    """One's own; all of them for the coordinator."""
    if not current_principal(request).owns(code):
        raise Problem.not_found(f"There is no institution {code} of yours.")
    async with runtime_of(request).pool.acquire() as conn:
        rows = await store.contacts(conn, code)
    return [Contact(**dict(row)) for row in rows]


@router.put("/api/members/{code}/contacts/{role}", summary="Set a contact", status_code=200, responses=problems(404))
async def set_contact(
    request: Request, response: Response, code: str, role: ContactRole, given: ContactGiven
) -> Contact:
    """Set whom to write to for a role; the address goes to no journal."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        if await store.institution(writing.conn, code) is None:
            raise Problem.not_found(f"There is no institution {code}.")
        known = await store.contact(writing.conn, code, role)
        contact, revision = (known["id"], known["revision"] + 1) if known else (uuid4(), 1)
        await store.save_contact(
            writing.conn, contact, code, role, given.address, given.language, given.illustrative, revision
        )
        data = ContactChanged(
            contact=str(contact), member=code, role=role, language=given.language, illustrative=given.illustrative
        )
        writing.record(Fact("nrem.contact.changed.v1", f"contact/{contact}", revision, data))
    response.headers[AFTER] = writing.after
    return Contact(id=contact, role=role, **given.model_dump())


@router.delete(
    "/api/members/{code}/contacts/{role}", summary="Erase a contact", status_code=204, responses=problems(404)
)
async def erase_contact(request: Request, code: str, role: ContactRole) -> None:
    """Erase the address; a tombstone follows it on the bus."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        known = await store.contact(writing.conn, code, role)
        if known is None:
            raise Problem.not_found(f"{code} has no contact {role}.")
        await store.delete_contact(writing.conn, known["id"])
        data = ContactChanged(contact=str(known["id"]), member=code, role=role)
        subject = f"contact/{known['id']}"
        writing.record(Fact("nrem.contact.changed.v1", subject, known["revision"] + 1, data))
