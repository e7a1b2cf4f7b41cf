"""Demonstration only: be somebody, with one click."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from nrem_intake.identity.secrets import safe_return
from nrem_intake.identity.sessions import commands, cookies
from nrem_intake.identity.sessions.domain import Entry, browser_named
from nrem_intake.members import store as members_store
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.runtime.problems import FieldError, Problem
from nrem_shared.runtime.requests import runtime_of

router = APIRouter(include_in_schema=False)

Role = Literal["member", "officer", "contributor", "observer", "coordinator", "secretariat", "operator", "reader"]

#: Roles of the ministry; the others but `reader` act for the institution named.
_MINISTRY = frozenset({"coordinator", "secretariat", "operator"})


@router.post("/demonstration/session")
async def step_into_role(
    request: Request,
    role: Annotated[Role, Form()],
    member: Annotated[str | None, Form(max_length=20)] = None,
    sections: Annotated[list[str] | None, Form(max_length=len(SECTIONS))] = None,
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Be somebody of an institution, the ministry's coordinator, an operator or a reader.

    `sections` are those that a contributor fills: all of them where none is named.
    """
    runtime = runtime_of(request)
    if not runtime.settings.demonstration:
        raise Problem.not_found("Roles can be stepped into in a demonstration only.")
    code = "iem" if role in _MINISTRY else None if role == "reader" else member
    entry = Entry(
        way="demonstration",
        step="complete",
        subject=f"demonstration:{role}",
        roles=frozenset({role}),
        member=code,
        display=role if role == "reader" else await _abbreviation(request, code or ""),
        sections=_sections(sections) if role == "contributor" else frozenset(),
        agent=browser_named(request.headers.get("user-agent", "")),
    )
    cookie = await commands.begin(runtime, entry)
    token = await commands.token_for(runtime, request.app.state.issuer, cookie)
    response = RedirectResponse(safe_return(next), 303)
    cookies.set_session(response, runtime, cookie)
    cookies.set_token(response, runtime, token)
    return response


async def _abbreviation(request: Request, code: str) -> str:
    async with runtime_of(request).pool.acquire() as conn:
        found = await members_store.institution(conn, code)
    if found is None:
        raise Problem.invalid([FieldError("/member", "unknown_code", "name a member, such as vp")])
    return found[1].abbreviation


def _sections(given: list[str] | None) -> frozenset[str]:
    chosen = frozenset(given or SECTIONS)
    if unknown := chosen - set(SECTIONS):
        raise Problem.invalid(
            [FieldError("/sections", "unknown_code", f"{one} is no section") for one in sorted(unknown)]
        )
    return chosen
