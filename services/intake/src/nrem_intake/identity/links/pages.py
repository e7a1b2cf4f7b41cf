"""Signing in by e-mail: ask for a link, open it, press the button.

The link itself changes nothing: programs that look into mails open links. The button's post uses it up.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.identity.attempts.domain import (
    LINKS_PER_ADDRESS,
    LINKS_PER_ADDRESS_AND_CLIENT,
    OPENED_PER_CLIENT,
    links_per_client,
)
from nrem_intake.identity.attempts.spending import client_of, spend
from nrem_intake.identity.browsers import bind, browser_of, browser_or_new
from nrem_intake.identity.keys.commands import settings_of
from nrem_intake.identity.links import store
from nrem_intake.identity.links.asking import ask
from nrem_intake.identity.links.domain import LIFETIME, is_address, worth
from nrem_intake.identity.links.sending import courier_of
from nrem_intake.identity.secrets import plain_hash, safe_return
from nrem_intake.identity.sessions import entering
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page
from nrem_shared.web.typed import TypedText

if TYPE_CHECKING:
    import asyncpg

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

_MINUTES = int(LIFETIME.total_seconds() // 60)
Next = Annotated[str, Form(max_length=2000)]
Key = Annotated[str, Form(max_length=100)]


@router.get("/sign-in")
async def form(request: Request, next: Annotated[str, Query(max_length=2000)] = "") -> HTMLResponse:
    """Where one signs in: by e-mail, or by the identity provider where there is one."""
    return _form(request, safe_return(next, ""))


@router.post("/sign-in")
async def ask_for_link(request: Request, address: TypedText = "", next: Next = "") -> Response:
    """A link to this address. The answer is the same whether the address is known or not."""
    given, return_to = address.strip(), safe_return(next, "")
    if not courier_of(request).ready:
        return _form(request, return_to, given, FieldError(None, "sign_in.no_mail"), status=503)
    if not is_address(given):
        code = "sign_in.address_wrong" if given else "sign_in.address_missing"
        return _form(request, return_to, given, FieldError("address", code), status=422)
    return await _asked(request, given, return_to)


@router.get("/sign-in/sent")
async def sent(request: Request) -> HTMLResponse:
    """Look into your mailbox."""
    runtime = runtime_of(request)
    return page(
        request,
        "intake/link_sent.html",
        title="sign_in.sent_title",
        minutes=_MINUTES,
        mailboxes=runtime.settings.demonstration and settings_of(runtime).smtp_host is None,
        root=_root(request),
    )


@router.get("/sign-in/link")
async def opened(request: Request, key: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """The link was opened: a button, or why it cannot be used and what to do."""
    return await _opened(request, key)


@router.post("/sign-in/link")
async def use_link(request: Request, key: Key = "") -> Response:
    """Sign in: the link is used up, whatever comes of it."""
    runtime, browser = runtime_of(request), browser_of(request)
    if not await spend(runtime, OPENED_PER_CLIENT, client_of(request)):
        return _too_many(request)
    async with runtime.pool.acquire() as conn:
        used = (
            await store.use(conn, plain_hash(key), plain_hash(browser), datetime.now(UTC)) if key and browser else None
        )
    if used is None:
        runtime.metrics.sign_ins.labels("link", "refused").inc()
        return await _opened(request, key, status=403)
    try:
        return await entering.arrive(request, used["address"], "link", used["return_to"])
    except entering.UnknownAddress:
        return _form(request, "", "", FieldError(None, "sign_in.not_here_any_more"), status=403)


@router.post("/sign-in/again")
async def ask_again(request: Request, key: Key = "") -> Response:
    """Another link to where this one was sent, for this browser: whoever has the link can read that mailbox."""
    async with runtime_of(request).pool.acquire() as conn:
        link = await store.find(conn, plain_hash(key))
    if link is None:
        return see_other(f"{_root(request)}/sign-in")
    return await _asked(request, link["address"], link["return_to"])


async def _asked(request: Request, address: str, return_to: str) -> Response:
    runtime = runtime_of(request)
    client = client_of(request)
    wanted = {
        links_per_client(settings_of(runtime).sign_in_limit): client,
        LINKS_PER_ADDRESS_AND_CLIENT: f"{client} {address}",
        LINKS_PER_ADDRESS: address,
    }
    for limit, whose in wanted.items():
        if not await spend(runtime, limit, whose):
            return _too_many(request)
    browser = browser_or_new(request)
    ask(request, address, browser, return_to)
    response = see_other(f"{_root(request)}/sign-in/sent")
    bind(response, runtime, browser)
    return response


async def _opened(request: Request, key: str, status: int = 200) -> HTMLResponse:
    browser = browser_of(request)
    async with runtime_of(request).pool.acquire() as conn:
        link: asyncpg.Record | None = await store.find(conn, plain_hash(key))
    found = worth(dict(link) if link is not None else None, plain_hash(browser) if browser else None, datetime.now(UTC))
    return page(
        request,
        "intake/link.html",
        title="sign_in.link_title" if found == "good" else f"sign_in.link_{found}_title",
        status=status,
        worth=found,
        key=key,
        address=link["address"] if link is not None else "",
        root=_root(request),
    )


def _form(request: Request, next: str, address: str = "", *errors: FieldError, status: int = 200) -> HTMLResponse:
    settings = settings_of(runtime_of(request))
    return page(
        request,
        "intake/sign_in.html",
        title="sign_in.title",
        status=status,
        errors=errors,
        next=next,
        address=address,
        minutes=_MINUTES,
        provider=settings.oidc_name if settings.oidc_issuer else None,
        demonstration=settings.demonstration,
        root=_root(request),
    )


def _too_many(request: Request) -> HTMLResponse:
    return _form(request, "", "", FieldError(None, "sign_in.too_many", {"minutes": _MINUTES}), status=429)


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
