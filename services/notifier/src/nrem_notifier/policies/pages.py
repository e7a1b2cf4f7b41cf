"""Pages of policies: what reminds of what, the calendar it is counted by, and the switch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from nrem_notifier.guarding import has_personal_data
from nrem_notifier.ledger.gate import gate
from nrem_notifier.policies import store
from nrem_notifier.policies.api import LONGEST_REASON, SwitchTo, turn
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page
from nrem_shared.web.typed import Typed, TypedText, too_long

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/policies")
async def policies(request: Request) -> HTMLResponse:
    """Everything that decides when mails leave."""
    return await _page(request)


async def _page(request: Request, reason: str = "", errors: Sequence[FieldError] = ()) -> HTMLResponse:
    """`reason` and `errors` of a pause that was refused."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        found = await store.policies(conn)
        calendar = await store.calendar(conn)
        switch = await store.switch(conn)
        stands = await gate(runtime, conn)
    today = local_date(runtime.clock.now())
    return page(
        request,
        "notifier/policies.html",
        title="policies.title",
        status=422 if errors else 200,
        errors=errors,
        reason=reason,
        longest_reason=LONGEST_REASON,
        root=request.scope.get("root_path", ""),
        demonstration=runtime.settings.demonstration,
        adopted=found[1] if found else None,
        moved=sorted(calendar[1].moved_days, key=lambda one: one.off) if calendar else [],
        holidays=[one for one in sorted(calendar[1].holidays, key=lambda one: one.date) if one.date >= today][:12]
        if calendar
        else [],
        switch=switch,
        stands=stands,
    )


@router.post("/sending")
async def switch_sending(
    request: Request,
    paused: Annotated[bool, Form()],
    reason: TypedText = "",
) -> Response:
    """Pause or resume, and back to the page; or what is wrong with the reason."""
    errors = too_long(request, Typed("reason", "policies.reason", reason, LONGEST_REASON))
    if await has_personal_data(request, reason):
        errors.append(FieldError("reason", "refusal.text_personal_data"))
    if errors:
        return await _page(request, reason, errors)
    await turn(request, SwitchTo(paused=paused, reason=reason))
    return RedirectResponse(f"{request.scope.get('root_path', '')}/policies", status_code=303)
