"""Routes a browser passes through: renewing a token, signing out, stepping into a role in a demonstration."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from nrem_intake.identity import sessions
from nrem_intake.identity.domain import safe_return
from nrem_intake.members import store as members_store
from nrem_shared.runtime.problems import FieldError, Problem
from nrem_shared.runtime.requests import provenance, runtime_of

router = APIRouter(include_in_schema=False)

_ROLES = {
    "member": frozenset({"member"}),
    "coordinator": frozenset({"coordinator"}),
    "operator": frozenset({"operator"}),
    "reader": frozenset({"reader"}),
}


@router.api_route("/session/renew", methods=["GET", "POST"])
async def renew(request: Request, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """A fresh token for this session and back to where the browser came from; without a session to the start."""
    runtime = runtime_of(request)
    token = await sessions.token_for(runtime, request.app.state.issuer, request.cookies.get(sessions.SESSION_COOKIE))
    if token is None:
        response: Response = RedirectResponse(f"{runtime.settings.public_url.rstrip('/')}/", 303)
        sessions.clear_cookies(response)
        return response
    response = RedirectResponse(safe_return(next), 307)
    sessions.set_cookies(response, runtime, session=None, token=token)
    return response


@router.post("/session/end")
async def end(request: Request) -> Response:
    """Sign out, everywhere."""
    await sessions.end(runtime_of(request), request.cookies.get(sessions.SESSION_COOKIE), provenance(request))
    response = RedirectResponse("/", 303)
    sessions.clear_cookies(response)
    return response


@router.post("/demonstration/session")
async def step_into_role(
    request: Request,
    role: Annotated[Literal["member", "coordinator", "operator", "reader"], Form()],
    member: Annotated[str | None, Form(max_length=20)] = None,
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Demonstration only: be a member, the coordinator, an operator or a reader, with one click."""
    runtime = runtime_of(request)
    if not runtime.settings.demonstration:
        raise Problem.not_found("Roles can be stepped into in a demonstration only.")
    code = {"member": member, "coordinator": "iem", "operator": "iem"}.get(role)
    display: str = role
    if code is not None or role == "member":
        async with runtime.pool.acquire() as conn:
            found = await members_store.institution(conn, code or "")
        if found is None:
            raise Problem.invalid([FieldError("/member", "unknown_code", "name a member, such as vp")])
        display = found[1].abbreviation
    cookie = await sessions.begin(
        runtime, subject=f"demonstration:{role}", roles=_ROLES[role], member=code, display=display
    )
    token = await sessions.token_for(runtime, request.app.state.issuer, cookie)
    response = RedirectResponse(safe_return(next), 303)
    if token is not None:
        sessions.set_cookies(response, runtime, session=cookie, token=token)
    return response
