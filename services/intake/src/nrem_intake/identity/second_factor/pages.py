"""The second step of signing in: setting a device up, or showing its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from nrem_intake.identity.attempts.domain import CODES_PER_PERSON
from nrem_intake.identity.attempts.spending import spend
from nrem_intake.identity.second_factor import commands, domain
from nrem_intake.identity.second_factor.commands import Person
from nrem_intake.identity.sessions import commands as session_commands
from nrem_intake.identity.sessions import cookies, entering
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import forward, page, translator_of
from nrem_shared.web.typed import TypedText

if TYPE_CHECKING:
    import asyncpg

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

_WRONG = FieldError("code", "second_factor.wrong")
_MISSING = FieldError("code", "second_factor.missing")
_TOO_MANY = FieldError("code", "second_factor.too_many")


@router.get("/sign-in/second-factor")
async def form(request: Request) -> Response:
    """Show the code of one's device; or set a device up, with a picture it reads."""
    session = await _session(request)
    return _elsewhere(request) if session is None else await _form(request, session)


@router.post("/sign-in/second-factor")
async def show(request: Request, code: TypedText = "") -> Response:
    """A one-time or recovery code; with the first one of a new device the recovery codes are shown."""
    session = await _session(request)
    if session is None:
        return _elsewhere(request)
    runtime, person = runtime_of(request), Person.at(runtime_of(request), session["address"])
    if not domain.plain_code(code):
        return await _form(request, session, _MISSING)
    if not await spend(runtime, CODES_PER_PERSON, session["address"]):
        return await _form(request, session, _TOO_MANY)
    new_device = await commands.offered_secret(runtime, person) is not None
    if not await commands.shown(runtime, person, code):
        runtime.metrics.sign_ins.labels("second_factor", "refused").inc()
        return await _form(request, session, _WRONG)
    runtime.metrics.sign_ins.labels("second_factor", "granted").inc()
    entry = replace(entering.entry_of(session), step="complete", second_factor_at=datetime.now(UTC))
    onward = await entering.proceed(request, entry, session)
    return await _codes(request, person, onward) if new_device else onward


@router.post("/account/recovery-codes")
async def renew_codes(request: Request) -> Response:
    """Ten new recovery codes, for whoever came in with a second factor."""
    session = await _session(request)
    if session is None or session["step"] != "complete" or session["second_factor_at"] is None:
        return _elsewhere(request)
    person = Person.at(runtime_of(request), session["address"])
    return _shown_once(request, await commands.new_codes(runtime_of(request), person), _account(request))


async def _codes(request: Request, person: Person, onward: Response) -> Response:
    """The recovery codes of a new device, and the cookies of the session that it led to."""
    codes = await commands.new_codes(runtime_of(request), person)
    response = _shown_once(request, codes, onward.headers["location"])
    response.raw_headers += [pair for pair in onward.raw_headers if pair[0] == b"set-cookie"]
    return response


def _shown_once(request: Request, codes: tuple[str, ...], onward: str) -> Response:
    title = "second_factor.codes_title"
    response = page(request, "intake/recovery_codes.html", title=title, codes=codes, onward=onward)
    response.headers["cache-control"] = "no-store"
    return response


async def _form(request: Request, session: asyncpg.Record, *errors: FieldError) -> Response:
    person = Person.at(runtime_of(request), session["address"])
    secret = await commands.offered_secret(runtime_of(request), person)
    if secret is None and session["step"] == "complete":
        return forward(request, _account(request))
    picture = ""
    if secret is not None:
        uri = domain.address_for_device(secret, session["address"])
        picture = Markup(domain.picture(uri, translator_of(request)("second_factor.picture")))  # noqa: S704 - our own
    response = page(
        request,
        "intake/second_factor.html",
        title="second_factor.title" if secret is None else "second_factor.enrol_title",
        status=429 if _TOO_MANY in errors else 422 if errors else 200,
        errors=errors,
        picture=picture,
        secret=domain.grouped(secret) if secret else None,
        required=session["step"] == "enrol",
        root=request.scope.get("root_path", ""),
    )
    response.headers["cache-control"] = "no-store"
    return response


async def _session(request: Request) -> asyncpg.Record | None:
    """The session at the step that asks for a code, or a complete one of a person; else null."""
    cookie = request.cookies.get(cookies.SESSION_COOKIE)
    session = await session_commands.session_of(runtime_of(request), cookie)
    at_hand = session is not None and session["address"] is not None and session["step"] != "role"
    return session if at_hand else None


def _elsewhere(request: Request) -> Response:
    return forward(request, f"{request.scope.get('root_path', '')}/sign-in")


def _account(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/account"
