"""The home page."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_notifier.ledger.pages import Labels, root_of
from nrem_notifier.today.reading import Day, read_day
from nrem_shared.runtime.identity import signed_in_before
from nrem_shared.runtime.identity.authorisation import SignInRequired
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.operations import Line
from nrem_shared.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/today")
async def home(request: Request) -> HTMLResponse:
    """What needs the reader today; whoever is not signed in learns what is open to everybody."""
    principal = request.state.principal
    if principal is None and signed_in_before(request):
        raise SignInRequired
    day = await read_day(request, principal) if principal else None
    return page(
        request,
        "notifier/today.html",
        title="today.title" if day and (day.member or day.coordinator or day.signs) else "today.title_public",
        root=root_of(request),
        day=day,
        labels=Labels(day.found if day else None),
        waits=_overdue_first(day) if day else 0,
        demonstration=runtime_of(request).settings.demonstration,
    )


def _overdue_first(day: Day) -> int:
    """How many things are overdue, for the sentence at the top."""
    owed = day.member or day.coordinator
    if owed is None:
        return 0
    names = ("returned", "reports", "tasks", "others", "review", "missing", "own")
    return sum(1 for name in names for one in getattr(owed, name, ()) if one.due < day.today)


async def sending_lines(request: Request) -> list[Line]:
    """What the reminders add to their panel of operations: holds, mails that wait, mails that did not leave."""
    principal = request.state.principal
    sending = (await read_day(request, principal)).sending
    if sending is None:
        return []
    problems, undelivered, without = f"{root_of(request)}/problems", sending.undelivered, sending.without_recipient
    closed = sending.held.closed
    return [
        Line(
            "operations.held",
            sending.held.detail or closed or None,
            bool(closed),
            f"gate.{closed}" if closed else "",
            f"{root_of(request)}/policies",
        ),
        Line("operations.backlog", sending.backlog),
        Line("operations.undelivered", undelivered, undelivered > 0, "today.undelivered_advice", problems),
        Line("operations.without_recipient", without, without > 0, "today.without_advice", problems),
    ]
