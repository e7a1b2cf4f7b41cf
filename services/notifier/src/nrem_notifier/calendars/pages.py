"""The page where a person gets the address of their calendar."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_notifier.calendars import store
from nrem_notifier.calendars.api import new_address, own_role
from nrem_notifier.ledger.pages import everything, root_of
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/calendar")
async def calendar(request: Request) -> HTMLResponse:
    """Whether there is an address, and how to make one."""
    return await _shown(request, "")


@router.post("/calendar")
async def make(request: Request) -> HTMLResponse:
    """A new address, shown this once; the one before ends."""
    return await _shown(request, await new_address(request, own_role(request)))


async def _shown(request: Request, address: str) -> HTMLResponse:
    recipient = own_role(request)
    async with runtime_of(request).pool.acquire() as conn:
        since = await store.since(conn, recipient)
    return page(
        request,
        "notifier/calendar.html",
        title="calendar.title",
        root=root_of(request),
        everything=everything(request),
        demonstration=runtime_of(request).settings.demonstration,
        recipient=recipient,
        since=since,
        address=address,
    )
