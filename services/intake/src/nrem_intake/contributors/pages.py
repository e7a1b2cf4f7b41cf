"""People who help: whom an institution's focal point, or the coordinator, has given sections of its report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.contributors import commands, store
from nrem_intake.contributors.domain import LONGEST_NAME, Invitation
from nrem_intake.identity.keys.commands import settings_of
from nrem_intake.identity.links.mail import Letter, render
from nrem_intake.identity.links.sending import courier_of
from nrem_intake.members import store as members_store
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page
from nrem_shared.web.typed import Typed, TypedText, too_long

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

Member = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,15}$")]
Sections = Annotated[list[Literal[SECTIONS]] | None, Form()]  # type: ignore[valid-type]


@router.get("/people")
async def people(request: Request, member: Member = None) -> HTMLResponse:
    """Who helps this institution, and a form to ask somebody else."""
    return await _people(request, _member(request, member))


@router.post("/people")
async def invite(
    request: Request,
    member: Annotated[str | None, Form(pattern=r"^[a-z][a-z0-9_]{0,15}$")] = None,
    name: TypedText = "",
    address: TypedText = "",
    language: Annotated[Literal["lv", "en"], Form()] = "lv",
    sections: Sections = None,
) -> Response:
    """Ask somebody: a mail tells them."""
    runtime, code = runtime_of(request), _member(request, member)
    given = Invitation.typed(name, address, language, sections or ())
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            found = await members_store.institution(writing.conn, code)
            if found is None:
                raise Problem.not_found(f"There is no institution {code}.")
            one = await commands.invite(writing, code, given)
    except commands.Mistaken as mistaken:
        long = too_long(request, Typed("name", "people.name", given.name, LONGEST_NAME))
        errors = [FieldError(each.field, each.code) for each in mistaken.mistakes if each.code != "people.name_long"]
        return await _people(request, code, given, [*long, *errors])
    _tell(request, one, found[1].name.in_language(language))
    return see_other(_here(request, code), after=writing.after, secure=runtime.settings.secure_cookies)


@router.get("/people/{id}")
async def person(request: Request, id: UUID) -> HTMLResponse:
    """Sections of somebody who helps."""
    return await _person(request, await _own(request, id))


@router.post("/people/{id}")
async def change(request: Request, id: UUID, sections: Sections = None) -> Response:
    """Give other sections."""
    one = await _own(request, id)
    chosen = tuple(each for each in SECTIONS if each in (sections or ()))
    if not chosen:
        return await _person(request, one, [FieldError("sections", "people.sections_missing")])
    runtime = runtime_of(request)
    async with runtime.journal.writing(provenance(request)) as writing:
        await commands.change(writing, await store.find(writing.conn, id) or one, chosen)
    return see_other(_here(request, one.member), after=writing.after, secure=runtime.settings.secure_cookies)


@router.post("/people/{id}/remove")
async def remove(request: Request, id: UUID) -> Response:
    """Somebody does not help any more."""
    one, runtime = await _own(request, id), runtime_of(request)
    async with runtime.journal.writing(provenance(request)) as writing:
        known = await store.find(writing.conn, id)
        if known is not None:
            await commands.remove(writing, known)
    return see_other(_here(request, one.member), after=writing.after, secure=runtime.settings.secure_cookies)


def _member(request: Request, named: str | None) -> str:
    """The institution asked about: one's own, or the one that the coordinator names. Raises the 404 problem."""
    principal = current_principal(request)
    code = named or principal.member
    if code is None or not (principal.has("coordinator") or code == principal.member):
        raise Problem.not_found("There is no such institution of yours.")
    return code


async def _own(request: Request, id: UUID) -> store.Contributor:
    async with runtime_of(request).pool.acquire() as conn:
        one = await store.find(conn, id)
    principal = current_principal(request)
    if one is None or not (principal.has("coordinator") or one.member == principal.member):
        raise Problem.not_found("There is nobody of yours with this number.")
    return one


async def _people(
    request: Request, member: str, given: Invitation | None = None, errors: list[FieldError] | None = None
) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        found = await members_store.institution(conn, member)
        known = await store.of_member(conn, member)
    if found is None:
        raise Problem.not_found(f"There is no institution {member}.")
    return _page(
        request,
        "intake/people.html",
        "people.title",
        errors,
        member=member,
        institution=found[1].name,
        people=known,
        given=given or Invitation("", "", found[1].language, ()),
        asked=member != current_principal(request).member,
    )


async def _person(request: Request, one: store.Contributor, errors: list[FieldError] | None = None) -> HTMLResponse:
    return _page(request, "intake/person.html", "people.person_title", errors, person=one)


def _page(request: Request, template: str, title: str, errors: list[FieldError] | None, **items: Any) -> HTMLResponse:
    return page(
        request,
        template,
        title=title,
        status=422 if errors else 200,
        errors=errors or [],
        all_sections=SECTIONS,
        root=request.scope.get("root_path", ""),
        **items,
    )


def _tell(request: Request, one: store.Contributor, institution: str) -> None:
    """A mail to whoever is asked: what for, and where one signs in."""
    settings, templates = settings_of(runtime_of(request)), request.app.state.site.templates
    _ = templates.translator(one.language)
    letter = Letter(
        subject=_("people_mail.subject", institution=institution),
        heading=_("people_mail.heading"),
        intro=(
            _("people_mail.intro", institution=institution),
            *(f"– {_(f'section.{each}')}" for each in one.sections),
        ),
        action=(_("people_mail.action"), f"{settings.public_url.rstrip('/')}/intake/sign-in"),
        after=(_("people_mail.after"),),
        illustrative=settings.demonstration,
    )
    courier = courier_of(request)
    courier.do(
        courier.deliver(render(letter, templates, one.language, settings, one.address, datetime.now(UTC)), one.address)
    )


def _here(request: Request, member: str) -> str:
    return f"{request.scope.get('root_path', '')}/people?member={member}"
