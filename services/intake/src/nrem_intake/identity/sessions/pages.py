"""Routes a browser passes through: renewing a token, choosing whom to be, signing out, one's sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from nrem_intake.identity.keys.commands import settings_of
from nrem_intake.identity.people.reading import standings_of
from nrem_intake.identity.second_factor import store as factor_store
from nrem_intake.identity.secrets import person_of, safe_return
from nrem_intake.identity.sessions import commands, cookies, entering, store
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.journal import Provenance
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import forward, page

if TYPE_CHECKING:
    from typing import Any

    import asyncpg

    from nrem_intake.identity.people.domain import Standing

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.api_route("/session/renew", methods=["GET", "POST"])
async def renew(request: Request, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """A fresh token for this session and back to where the browser came from; without a session to sign in."""
    runtime = runtime_of(request)
    cookie = request.cookies.get(cookies.SESSION_COOKIE)
    token = await commands.token_for(runtime, request.app.state.issuer, cookie)
    if token is not None:
        response: Response = RedirectResponse(safe_return(next), 307)
        cookies.set_token(response, runtime, token)
        return response
    session = await commands.session_of(runtime, cookie)
    if session is not None and session["step"] != "complete":
        return RedirectResponse(entering.place_of(request, session["step"], session["return_to"]), 303)
    response = RedirectResponse(_sign_in(request, safe_return(next)), 303)
    cookies.clear(response)
    return response


@router.post("/session/end")
async def end(request: Request) -> Response:
    """Sign out here; the session's tokens are refused everywhere."""
    runtime = runtime_of(request)
    session = await commands.session_of(runtime, request.cookies.get(cookies.SESSION_COOKIE))
    if session is not None:
        await commands.end(runtime, session["cookie"], Provenance(session["subject"], request.state.correlation_id))
    response = RedirectResponse("/", 303)
    cookies.clear(response)
    return response


@router.get("/sign-in/role")
async def role_form(request: Request) -> Response:
    """Whom to be, of all that one's address stands for."""
    return await _roles(request)


@router.post("/sign-in/role")
async def choose_role(request: Request, standing: Annotated[str, Form(max_length=80)] = "") -> Response:
    """Be it."""
    session, found = await _standings(request)
    if session is None:
        return forward(request, _sign_in(request, ""))
    chosen = next((one for one in found if one.subject == standing), None)
    if chosen is None:
        return await _roles(request, FieldError("standing", "sign_in.role_missing"))
    return await entering.choose(request, session, chosen)


async def _standings(request: Request) -> tuple[asyncpg.Record | None, tuple[Standing, ...]]:
    """The session of somebody who has shown to have an address, and all that it stands for; null without one."""
    runtime = runtime_of(request)
    session = await commands.session_of(runtime, request.cookies.get(cookies.SESSION_COOKIE))
    if session is None or session["address"] is None:
        return None, ()
    async with runtime.pool.acquire() as conn:
        return session, await standings_of(conn, session["address"])


async def _roles(request: Request, *errors: FieldError) -> Response:
    session, found = await _standings(request)
    if session is None:
        return forward(request, _sign_in(request, ""))
    return page(
        request,
        "intake/role.html",
        title="sign_in.role_title",
        status=422 if errors else 200,
        errors=errors,
        standings=found,
        address=session["address"],
        chosen=session["subject"],
        root=request.scope.get("root_path", ""),
    )


@router.get("/account")
async def account(request: Request) -> HTMLResponse:
    """Who one is here, and where one is signed in."""
    runtime, principal = runtime_of(request), current_principal(request)
    session = await commands.session_of(runtime, request.cookies.get(cookies.SESSION_COOKIE))
    known = await _known_of(request, session) if session is not None and session["address"] else {}
    return page(
        request,
        "intake/account.html",
        title="account.title",
        root=request.scope.get("root_path", ""),
        principal=principal,
        session=session,
        address=session["address"] if session is not None else None,
        **{"sessions": [], "standings": (), "factor": None, "codes_left": 0, **known},
    )


async def _known_of(request: Request, session: asyncpg.Record) -> dict[str, Any]:
    runtime, address = runtime_of(request), session["address"]
    person = person_of(settings_of(runtime).key_pepper.get_secret_value(), address)
    now = session["used_at"]
    async with runtime.pool.acquire() as conn:
        return {
            "sessions": await store.of_address(conn, address, now, commands.idle_since(runtime, now)),
            "standings": await standings_of(conn, address),
            "factor": await factor_store.confirmed(conn, person),
            "codes_left": await factor_store.codes_left(conn, person),
        }


@router.post("/account/sessions/{id}/end")
async def end_one(request: Request, id: UUID) -> Response:
    """Sign out of another browser, or this one."""
    return await _end(request, id)


@router.post("/account/sessions/end")
async def end_all(request: Request) -> Response:
    """Sign out everywhere: in this browser too."""
    return await _end(request, None)


async def _end(request: Request, id: UUID | None) -> Response:
    runtime, root = runtime_of(request), request.scope.get("root_path", "")
    session = await commands.session_of(runtime, request.cookies.get(cookies.SESSION_COOKIE))
    if session is None or session["address"] is None:
        return await end(request)
    await commands.end_of_person(runtime, session["address"], id, provenance(request))
    if id is not None and id != session["id"]:
        return see_other(f"{root}/account", secure=runtime.settings.secure_cookies)
    response = see_other(f"{root}/sign-in")
    cookies.clear(response)
    return response


def _sign_in(request: Request, next: str) -> str:
    """Where a browser without a session goes: in a demonstration to the roles that one can step into."""
    runtime = runtime_of(request)
    if runtime.settings.demonstration and next:
        return f"{runtime.settings.public_url.rstrip('/')}/"
    asked = f"?{urlencode({'next': next})}" if next not in ("", "/") else ""
    return f"{request.scope.get('root_path', '')}/sign-in{asked}"
