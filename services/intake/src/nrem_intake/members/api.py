"""JSON routes of members, contacts and keys."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.members import commands, store
from nrem_shared.contracts.members import ContactRole, InstitutionRegistered
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.runtime.written import Written

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
    request: Request, response: Response, items: Annotated[Written[list[InstitutionRegistered]], Body(max_length=500)]
) -> Registered:
    """Insert or replace a list of institutions with their memberships; all or nothing, all errors at once."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        changed = await commands.register(writing, items)
    response.headers[AFTER] = writing.after
    return Registered(changed=changed, unchanged=len(items) - len(changed))


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
        contact = await commands.set_contact(writing, code, role, given.address, given.language, given.illustrative)
    response.headers[AFTER] = writing.after
    return Contact(id=contact, role=role, **given.model_dump())


@router.delete(
    "/api/members/{code}/contacts/{role}", summary="Erase a contact", status_code=204, responses=problems(404)
)
async def erase_contact(request: Request, code: str, role: ContactRole) -> None:
    """Erase the address; a tombstone follows it on the bus."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        await commands.erase_contact(writing, code, role)
