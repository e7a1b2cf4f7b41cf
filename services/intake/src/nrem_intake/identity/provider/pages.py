"""To the identity provider and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from nrem_intake.identity.attempts.domain import OPENED_PER_CLIENT
from nrem_intake.identity.attempts.spending import client_of, spend
from nrem_intake.identity.browsers import bind, browser_of, browser_or_new
from nrem_intake.identity.keys.commands import settings_of
from nrem_intake.identity.provider import store
from nrem_intake.identity.provider.client import Provider, ProviderAway
from nrem_intake.identity.provider.domain import NoAddress, NotTrusted, address_in, authorization_address, derived
from nrem_intake.identity.secrets import new_secret, plain_hash, safe_return
from nrem_intake.identity.sessions import entering
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

#: How long somebody may take at the provider.
_AWAY = timedelta(minutes=10)
_log = logger(__name__)


@router.get("/sign-in/provider")
async def leave(request: Request, next: Annotated[str, Query(max_length=2000)] = "") -> Response:
    """On to the provider. A link and no form: the page's policy lets forms post to ourselves only."""
    provider, runtime = _provider(request), runtime_of(request)
    if not await spend(runtime, OPENED_PER_CLIENT, client_of(request)):
        return _failed(request, "too_many", 429)
    browser, state, now = browser_or_new(request), new_secret(), datetime.now(UTC)
    try:
        metadata = await provider.metadata()
    except (ProviderAway, NotTrusted) as error:
        _log.warning("the identity provider cannot be used", error=str(error))
        return _failed(request, "away", 503)
    async with runtime.pool.acquire() as conn:
        await store.forget_before(conn, now)
        await store.insert(conn, plain_hash(state), plain_hash(browser), safe_return(next, ""), now + _AWAY)
    there = authorization_address(metadata, provider.client, _back(request), browser, state)
    response = RedirectResponse(there, 303)
    bind(response, runtime, browser)
    return response


@router.get("/sign-in/provider/return")
async def come_back(
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Back from the provider, in the browser that left, once."""
    _provider(request)
    runtime, browser = runtime_of(request), browser_of(request)
    async with runtime.pool.acquire() as conn:
        hashes = (plain_hash(state), plain_hash(browser or ""))
        return_to = await store.use(conn, *hashes, datetime.now(UTC)) if state and browser else None
    if error:  # of whichever visit: some providers leave the state out when they say no
        return _failed(request, "refused", 403)
    if return_to is None or browser is None or not code:
        return _failed(request, "other_browser", 403)
    try:
        address = await _address(request, code, browser, state)
        return await entering.arrive(request, address, "provider", return_to)
    except ProviderAway as failure:
        _log.warning("the identity provider does not answer", error=str(failure))
        return _failed(request, "away", 503)
    except NoAddress:
        return _failed(request, "no_address", 403)
    except NotTrusted as failure:
        _log.warning("the identity provider's answer was not accepted", error=str(failure))
        return _failed(request, "not_trusted", 403)
    except entering.UnknownAddress:
        return _failed(request, "unknown", 403, counted=True)


async def _address(request: Request, code: str, browser: str, state: str) -> str:
    provider, settings = _provider(request), settings_of(runtime_of(request))
    token, access_token = await provider.exchange(code, _back(request), derived(browser, "verifier", state))
    claims, header = await provider.read(token)
    return address_in(
        claims,
        header,
        issuer=(await provider.metadata())["issuer"],
        client=provider.client,
        nonce=derived(browser, "nonce", state),
        access_token=access_token,
        now=datetime.now(UTC),
        trust_unverified=settings.oidc_trust_unverified,
    )


def _failed(request: Request, why: str, status: int, *, counted: bool = False) -> HTMLResponse:
    runtime = runtime_of(request)
    if not counted:
        runtime.metrics.sign_ins.labels("provider", "refused").inc()
    return page(
        request,
        "intake/provider_failed.html",
        title="provider.failed_title",
        status=status,
        why=why,
        provider=settings_of(runtime).oidc_name,
        root=request.scope.get("root_path", ""),
    )


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise Problem.not_found("No identity provider is set up here.")
    return provider


def _back(request: Request) -> str:
    return f"{settings_of(runtime_of(request)).public_url.rstrip('/')}/intake/sign-in/provider/return"
