"""Pages of the register: institutions, their memberships and contacts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.administration.domain.document import ADDRESS
from nrem_intake.administration.forms import administration_at, current_of, fault, problem_faults, written
from nrem_intake.administration.member_form import MemberForm, blank, field_at, filled, institution, sent
from nrem_intake.administration.names import group_years
from nrem_intake.identity.keys import store as keys_store
from nrem_intake.members import commands, store
from nrem_intake.members.api import Contact
from nrem_intake.submissions.authorship import not_found
from nrem_shared.contracts.members import ContactRole, InstitutionRegistered
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import page
from nrem_shared.web.typed import TypedText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.journal import Writing
    from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False)

Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,15}$")]
ROLES: tuple[ContactRole, ...] = get_args(ContactRole)
KINDS = ("ministry", "law_enforcement", "governmental", "municipal", "ngo", "civil_society")
ROUTES = ("none", "criminal_proceedings", "specialist_commission")


@router.get("/administration/members")
async def members(request: Request) -> HTMLResponse:
    """The whole register, and who is a member today."""
    async with runtime_of(request).pool.acquire() as conn:
        known = await store.institutions(conn)
    today = local_date(runtime_of(request).clock.now())
    items = [item for _, item in known.values()]
    groups = {item.code: [m for m in item.memberships if m.since <= today <= (m.until or today)] for item in items}
    return page(
        request,
        "intake/members.html",
        title="administration.members",
        items=items,
        groups=groups,
        group_years=group_years(one.group for item in items for one in item.memberships),
        **_common(request),
    )


@router.get("/administration/register")
async def register_form(request: Request) -> HTMLResponse:
    """A blank form."""
    return await _form(request, None, blank())


@router.post("/administration/register")
async def register(request: Request) -> Response:
    """Register an institution, or say everything that is wrong."""
    form = await request.form()
    given = sent(form, None, form.getlist("reports_for"))
    async with runtime_of(request).pool.acquire() as conn:
        taken = given.values["code"] and await store.institution(conn, given.values["code"]) is not None
    if taken:
        return await _form(request, None, given, [fault("code", "duplicate", value="")])
    return await _save(request, None, given)


@router.get("/administration/members/{code}")
async def member(request: Request, code: Code) -> HTMLResponse:
    """One institution: memberships, contacts, keys."""
    return await member_page(request, code)


async def member_page(request: Request, code: str, typed: tuple[UUID, str] | None = None) -> HTMLResponse:
    """The page of an institution; `typed` = a key, and what was typed as its days and is no number of days."""
    item = await _known(request, code)
    async with runtime_of(request).pool.acquire() as conn:
        names = {code: other.name for code, (_, other) in (await store.institutions(conn)).items()}
        contacts = {row["role"]: row for row in await store.contacts(conn, code)}
        keys = await keys_store.keys_of(conn, code)
    now = runtime_of(request).clock.now()
    return page(
        request,
        "intake/member.html",
        title=item.name.model_dump(),
        status=422 if typed else 200,
        errors=[fault(f"days-{typed[0]}", "overlap")] if typed else [],
        typed=typed,
        item=item,
        contacts=contacts,
        names=names,
        group_years=group_years(one.group for one in item.memberships),
        roles=ROLES,
        keys=[dict(key) for key in keys],
        now=now,
        **_common(request),
    )


@router.get("/administration/members/{code}/change")
async def change_form(request: Request, code: Code) -> HTMLResponse:
    """The form, filled in as it stands."""
    item = await _known(request, code)
    return await _form(request, item, filled(item))


@router.post("/administration/members/{code}/change")
async def change(request: Request, code: Code) -> Response:
    """Change an institution, or say everything that is wrong."""
    form = await request.form()
    return await _save(request, await _known(request, code), sent(form, code, form.getlist("reports_for")))


@router.get("/administration/members/{code}/contacts/{role}")
async def contact_form(request: Request, code: Code, role: ContactRole) -> HTMLResponse:
    """Whom to write to."""
    return await _contact(request, code, role)


@router.post("/administration/members/{code}/contacts/{role}")
async def set_contact(
    request: Request,
    code: Code,
    role: ContactRole,
    address: TypedText = "",
    language: Literal["lv", "en"] = Form("lv"),
) -> Response:
    """Set it; the address goes to no journal."""
    if not re.match(ADDRESS, address.strip()) or len(address.strip()) > 254:
        told = [fault("address", "address", value="")]
        return await _contact(request, code, role, {"address": address, "language": language}, told)
    item = await _known(request, code)
    known = await _known_contact(request, code, role)
    illustrative = bool(known and known.illustrative)

    async def command(writing: Writing) -> None:
        await commands.set_contact(writing, item.code, role, address.strip(), language, illustrative)

    return await written(request, f"{administration_at(request)}/members/{code}", command)


@router.post("/administration/members/{code}/contacts/{role}/erase")
async def erase_contact(request: Request, code: Code, role: ContactRole) -> Response:
    """Erase the address, here and on the bus."""

    async def command(writing: Writing) -> None:
        await commands.erase_contact(writing, code, role)

    return await written(request, f"{administration_at(request)}/members/{code}", command)


async def _save(request: Request, before: InstitutionRegistered | None, given: MemberForm) -> Response:
    made, errors = institution(given, before)
    if made is None:
        return await _form(request, before, given, errors)

    async def command(writing: Writing) -> None:
        await commands.register(writing, [made])

    try:
        return await written(request, f"{administration_at(request)}/members/{made.code}", command)
    except Problem as problem:
        return await _form(request, before, given, problem_faults(problem, lambda at: field_at(at, given)))


async def _form(
    request: Request, item: InstitutionRegistered | None, given: MemberForm, errors: Sequence[FieldError] = ()
) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        known = await store.institutions(conn)
    return page(
        request,
        "intake/member_form.html",
        title="administration.change_member" if item else "administration.register",
        title_values={"name": item.abbreviation} if item else {},
        status=422 if errors else 200,
        errors=errors,
        item=item,
        given=given,
        kinds=KINDS,
        routes=ROUTES,
        parents=[(other.code, other.name) for _, other in known.values() if item is None or other.code != item.code],
        **_common(request),
    )


async def _contact(
    request: Request, code: str, role: ContactRole, given: dict[str, str] | None = None, errors: Any = ()
) -> HTMLResponse:
    item, known = await _known(request, code), await _known_contact(request, code, role)
    shown = given or {"address": known.address if known else "", "language": known.language if known else item.language}
    return page(
        request,
        "intake/contact_form.html",
        title=f"role.{role}",
        status=422 if errors else 200,
        errors=errors,
        item=item,
        role=role,
        known=known,
        given=shown,
        **_common(request),
    )


async def _known(request: Request, code: str) -> InstitutionRegistered:
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.institution(conn, code)
    if found is None:
        raise not_found(request)
    return found[1]


async def _known_contact(request: Request, code: str, role: str) -> Contact | None:
    async with runtime_of(request).pool.acquire() as conn:
        row = await store.contact(conn, code, role)
    return (
        Contact(role=role, **{name: row[name] for name in ("id", "address", "language", "illustrative")})
        if row
        else None
    )


def _common(request: Request) -> dict[str, Any]:
    return {"current": current_of(request), "at": administration_at(request)}
