"""Pages of plans."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_plan_tracker.plans import store
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/")
async def plans(request: Request) -> HTMLResponse:
    """The plans with their directions, measures and results."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.plans(conn)
    return page(request, "plan_tracker/plans.html", title="plans.title", plans=[item for _, item in found])
