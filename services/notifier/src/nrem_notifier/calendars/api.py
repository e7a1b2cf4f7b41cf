"""Routes of calendar feeds: a secret address per role of an institution."""

from __future__ import annotations

import hashlib
import secrets
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from nrem_notifier.calendars import store
from nrem_notifier.calendars.domain import feed
from nrem_notifier.ledger.asking import scope_of, situation
from nrem_notifier.ledger.passes import press_of, settings_of
from nrem_notifier.obligations.domain.values import Recipient
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.requests import runtime_of

router = APIRouter(tags=["calendars"])


class FeedFor(BaseModel):
    """Whose calendar; left out: the asker's own."""

    institution: str | None = Field(default=None, max_length=16)
    role: str | None = Field(default=None, max_length=32)


class Feed(BaseModel):
    """A calendar's address, shown once; a new one ends the one before."""

    url: str


@router.post("/api/calendars", status_code=201, summary="A calendar address", responses=problems(404))
async def make_feed(request: Request, given: FeedFor) -> Feed:
    """Whoever has the address may read: titles, dates, links."""
    recipient = own_role(request, given.institution, given.role)
    return Feed(url=await new_address(request, recipient))


def own_role(request: Request, institution: str | None = None, role: str | None = None) -> Recipient:
    """The role whose calendar is meant. Raises the 404 problem for somebody else's."""
    principal = current_principal(request)
    scope = (
        scope_of(request, institution) or institution or principal.member or settings_of(runtime_of(request)).ministry
    )
    plain = "coordinator" if principal.has("coordinator") else "secretariat" if principal.has("secretariat") else None
    return Recipient(scope, role or (plain if institution is None and plain else "focal_point"))


async def new_address(request: Request, recipient: Recipient) -> str:
    """Make an address; only its hash is kept."""
    runtime = runtime_of(request)
    secret = secrets.token_urlsafe(24)
    async with runtime.pool.acquire() as conn, conn.transaction():
        await store.add(conn, _hash(secret), recipient, runtime.clock.now())
    return f"{runtime.settings.public_url.rstrip('/')}/reminders/calendars/{secret}.ics"


@router.get(
    "/calendars/{secret}.ics",
    summary="A calendar",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}, **problems(404)},
)
async def get_feed(request: Request, secret: Annotated[str, Path(max_length=64)]) -> Response:
    """What the role owes and the meetings it is asked to, as iCalendar; done things stay for 90 days."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        recipient = await store.whose(conn, _hash(secret))
    found = await situation(request) if recipient else None
    if recipient is None or found is None:
        raise Problem.not_found("There is no such calendar.")
    contact = found.known.contacts.of(recipient)
    owed = [
        one
        for one in found.known.obligations
        if one.owner == recipient and (one.met_at is None or (found.now - one.met_at).days < 90)
    ]
    press = press_of(runtime)
    content = feed(owed, found.known, press.sender, press.url, contact.language if contact else "lv", found.now)
    headers = {"cache-control": "private, max-age=900", "content-disposition": 'inline; filename="nrem.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
