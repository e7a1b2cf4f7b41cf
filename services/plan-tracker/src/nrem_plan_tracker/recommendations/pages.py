"""The page of recommendations."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_plan_tracker.recommendations import store
from nrem_plan_tracker.screens.showing import names_of, show
from nrem_shared.contracts.plans import RecommendationRecorded
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/recommendations")
async def recommendations_page(request: Request) -> HTMLResponse:
    """By block, with the results that answer them."""
    async with runtime_of(request).pool.acquire() as conn:
        known = [one for _, one in (await store.all_recommendations(conn)).values()]
        names = await names_of(conn)
    blocks: dict[str, list[RecommendationRecorded]] = {}
    for one in known:
        blocks.setdefault(one.block, []).append(one)
    return show(
        request,
        "recommendations.html",
        title="recommendations.title",
        section="section.recommendations",
        names=names,
        blocks=blocks,
    )
