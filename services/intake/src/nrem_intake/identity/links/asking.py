"""Asking for a link: done after the answer, which is the same for every address."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from nrem_intake.identity.keys.commands import settings_of
from nrem_intake.identity.links import store
from nrem_intake.identity.links.domain import LIFETIME
from nrem_intake.identity.links.mail import link_letter, render
from nrem_intake.identity.links.sending import Courier, courier_of
from nrem_intake.identity.people.reading import standings_of
from nrem_intake.identity.secrets import new_secret, plain_hash
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.requests import runtime_of

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_shared.runtime.service import Runtime
    from nrem_shared.web.environments import Templates

_log = logger(__name__)


def ask(request: Request, address: str, browser: str, return_to: str) -> None:
    """Send a link to this address, if it is known; whether it is, nobody learns from the answer or its time."""
    courier, templates = courier_of(request), request.app.state.site.templates
    courier.do(_send(runtime_of(request), courier, templates, address, browser, return_to))


async def _send(
    runtime: Runtime, courier: Courier, templates: Templates, address: str, browser: str, return_to: str
) -> None:
    try:
        await _made_and_sent(runtime, courier, templates, address, browser, return_to)
    except Exception as error:  # nobody waits for it: said here or nowhere
        _log.error("a link could not be sent", error=type(error).__name__)
        runtime.metrics.sign_in_mails.labels("failed").inc()


async def _made_and_sent(
    runtime: Runtime, courier: Courier, templates: Templates, address: str, browser: str, return_to: str
) -> None:
    secret, now, settings = new_secret(), datetime.now(UTC), settings_of(runtime)
    async with runtime.pool.acquire() as conn:
        await store.forget_before(conn, now - LIFETIME)
        known = await standings_of(conn, address)
        if not known:
            runtime.metrics.sign_in_mails.labels("nobody").inc()
            return
        await store.insert(
            conn, plain_hash(secret), plain_hash(browser), address.lower(), return_to, now, now + LIFETIME
        )
    link = f"{settings.public_url.rstrip('/')}/intake/sign-in/link?{urlencode({'key': secret})}"
    minutes, language = int(LIFETIME.total_seconds() // 60), known[0].language
    letter = link_letter(templates, language, link, minutes, settings.demonstration)
    await courier.deliver(render(letter, templates, language, settings, address, now), address)
