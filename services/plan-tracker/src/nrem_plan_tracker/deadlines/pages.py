"""The page of legal deadlines."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_plan_tracker.deadlines import store
from nrem_plan_tracker.plans import store as plans
from nrem_plan_tracker.screens.showing import names_of, show
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/deadlines")
async def deadlines_page(request: Request) -> HTMLResponse:
    """The next to come first; those without a known date last."""
    async with runtime_of(request).pool.acquire() as conn:
        known = [one for _, one in (await store.all_deadlines(conn)).values()]
        newest = [plan for _, plan in await plans.plans(conn)][:1]
        names = await names_of(conn)
    return show(
        request,
        "deadlines.html",
        title="deadlines.title",
        section="section.deadlines",
        names=names,
        deadlines=sorted(known, key=lambda one: (min(one.next, default=date.max), one.code)),
        plan=newest[0] if newest else None,
    )
