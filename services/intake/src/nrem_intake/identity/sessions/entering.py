"""On the way in: from an address that was proven to a session, with the steps between."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import RedirectResponse

from nrem_intake.identity.keys.commands import settings_of
from nrem_intake.identity.people.domain import WITH_SECOND_FACTOR
from nrem_intake.identity.people.reading import standings_of
from nrem_intake.identity.second_factor import store as factor_store
from nrem_intake.identity.secrets import person_of, safe_return
from nrem_intake.identity.sessions import commands, cookies
from nrem_intake.identity.sessions.domain import Entry, Way, arrived, as_standing, browser_named, only
from nrem_shared.runtime.journal import Provenance
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.site import HOME

if TYPE_CHECKING:
    import asyncpg

    from nrem_intake.identity.people.domain import Standing
    from nrem_shared.runtime.service import Runtime

#: Where each step is taken, below intake's own path.
PLACES = {"role": "/sign-in/role", "code": "/sign-in/second-factor", "enrol": "/sign-in/second-factor"}


class UnknownAddress(Exception):
    """Nobody here has this address, or nobody any more."""


async def arrive(request: Request, address: str, way: Way, return_to: str) -> RedirectResponse:
    """Somebody has proven an address: a session, and on to its next step. Raises UnknownAddress."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        found = await standings_of(conn, address)
    if not found:
        runtime.metrics.sign_ins.labels(way, "refused").inc()
        raise UnknownAddress
    entry = arrived(address, way, browser_named(request.headers.get("user-agent", "")), safe_return(return_to, HOME))
    one = only(found)
    if one is not None:
        entry = await _as(runtime, entry, one)
    runtime.metrics.sign_ins.labels(way, "granted").inc()
    before = await commands.session_of(runtime, request.cookies.get(cookies.SESSION_COOKIE))
    if before is not None:  # whoever was signed in here before is not any more
        await commands.end(runtime, before["cookie"], _who(request, before))
    return await proceed(request, entry, None)


async def choose(request: Request, session: asyncpg.Record, standing: Standing) -> RedirectResponse:
    """Be this from now on: a new session in place of the one there is."""
    entry = await _as(runtime_of(request), entry_of(session), standing)
    return await proceed(request, entry, session)


async def proceed(request: Request, entry: Entry, replaced: asyncpg.Record | None) -> RedirectResponse:
    """A new session for this entry, and the browser on to where its next step is taken."""
    runtime = runtime_of(request)
    cookie = await commands.begin(runtime, entry, replaced, request.state.correlation_id)
    token = await commands.token_for(runtime, request.app.state.issuer, cookie)
    response = RedirectResponse(place_of(request, entry.step, entry.return_to), 303)
    cookies.set_session(response, runtime, cookie)
    cookies.set_token(response, runtime, token)
    return response


def place_of(request: Request, step: str, return_to: str) -> str:
    """The address of a step; of `complete` it is where the person wanted to go."""
    if step in PLACES:
        return f"{request.scope.get('root_path', '')}{PLACES[step]}"
    return safe_return(return_to, HOME)


def entry_of(session: asyncpg.Record) -> Entry:
    """A session as the entry it was made from."""
    values = {field.name: session[field.name] for field in fields(Entry)}
    return Entry(**{**values, "roles": frozenset(values["roles"]), "sections": frozenset(values["sections"])})


async def _as(runtime: Runtime, entry: Entry, standing: Standing) -> Entry:
    settings = settings_of(runtime)
    person = person_of(settings.key_pepper.get_secret_value(), entry.address or "")
    async with runtime.pool.acquire() as conn:
        enrolled = await factor_store.confirmed(conn, person) is not None
    required = WITH_SECOND_FACTOR if settings.asks_second_factor else frozenset[str]()
    return as_standing(entry, standing, enrolled=enrolled, required=required)


def _who(request: Request, session: asyncpg.Record) -> Provenance:
    return Provenance(session["subject"], request.state.correlation_id)
