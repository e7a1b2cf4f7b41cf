"""The demonstration's mailboxes: what each recipient got, as they would see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from nrem_notifier.mailboxes import store
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

PER_PAGE = 50
Number = Annotated[int, Path(ge=1)]

#: A mail is shown inside our own page: nothing of it is loaded from elsewhere, its links open in the whole window.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Opened:
    """A mail taken apart."""

    number: int
    received_at: datetime
    recipient: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    calendar: str


def opened(one: store.Received) -> Opened:
    """The parts of a mail as they arrived."""
    message = message_from_bytes(one.content, policy=default)
    parts: dict[str, EmailMessage] = {part.get_content_type(): part for part in message.walk()}
    names = ("From", "To", "Reply-To", "Date", "Auto-Submitted", "Message-ID")

    def content(kind: str) -> str:
        part = parts.get(kind)
        found = part.get_content() if part is not None else ""
        return found if isinstance(found, str) else found.decode("utf-8", "replace")

    return Opened(
        number=one.id,
        received_at=one.received_at,
        recipient=one.recipient,
        subject=one.subject,
        headers=tuple((name, str(message[name])) for name in names if message[name]),
        text=content("text/plain"),
        html=content("text/html"),
        calendar=content("text/calendar"),
    )


def _demonstration_only(request: Request) -> None:
    if not runtime_of(request).settings.demonstration:
        raise Problem.not_found("There are mailboxes in a demonstration only.")


@router.get("/mailboxes")
async def mailboxes(request: Request) -> HTMLResponse:
    """Every address that something arrived at."""
    _demonstration_only(request)
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.mailboxes(conn)
    return _page(request, "notifier/mailboxes.html", "mailboxes.title", mailboxes=found)


@router.get("/mailboxes/{address}")
async def mailbox(
    request: Request,
    address: Annotated[str, Path(max_length=254)],
    number: Annotated[int, Query(ge=1, le=1000, alias="page")] = 1,
) -> HTMLResponse:
    """What arrived at one address, newest first."""
    _demonstration_only(request)
    async with runtime_of(request).pool.acquire() as conn:
        known = next((one for one in await store.mailboxes(conn) if one.recipient == address.lower()), None)
        mails = await store.mails(conn, address, PER_PAGE, (number - 1) * PER_PAGE)
    if known is None:
        raise Problem.not_found("Nothing arrived at this address.")
    pages = -(-known.mails // PER_PAGE)
    return _page(
        request,
        "notifier/mailbox.html",
        "mailboxes.one",
        address=known.recipient,
        mails=mails,
        number=number,
        pages=pages,
    )


@router.get("/mailboxes/{address}/{number}")
async def one_mail(request: Request, address: str, number: Number) -> HTMLResponse:
    """A mail with its headers, its text and its calendar part."""
    return _page(request, "notifier/one_mail.html", "mailboxes.mail", mail=await _mail(request, address, number))


@router.get("/mailboxes/{address}/{number}/html")
async def html_part(request: Request, address: str, number: Number) -> Response:
    """The HTML of a mail as it arrived, to be shown in a frame."""
    mail = await _mail(request, address, number)
    content = mail.html.replace("<head>", '<head><base target="_top">', 1)
    headers = {
        "content-security-policy": _POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }
    return HTMLResponse(content, headers=headers)


async def _mail(request: Request, address: str, number: int) -> Opened:
    _demonstration_only(request)
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.mail(conn, number)
    if found is None or found.recipient != address.lower():
        raise Problem.not_found("There is no such mail.")
    return opened(found)


def _page(request: Request, template: str, title: str, **items: Any) -> HTMLResponse:
    principal = request.state.principal
    return page(
        request,
        template,
        title=title,
        root=request.scope.get("root_path", ""),
        everything=principal is not None and principal.has("coordinator", "secretariat", "operator"),
        **items,
    )
