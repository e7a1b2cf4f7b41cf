"""JSON routes of recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator

from nrem_plan_tracker.answers import command, follow
from nrem_plan_tracker.codes import with_plain_code
from nrem_plan_tracker.deadlines.api import Changed
from nrem_plan_tracker.recommendations import commands, store
from nrem_shared.contracts.plans import RecommendationRecorded
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.runtime.written import Written

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing

router = APIRouter(tags=["recommendations"], dependencies=[Depends(follow)])

Given = Annotated[RecommendationRecorded, AfterValidator(with_plain_code)]


@router.post(
    "/api/recommendations", status_code=201, summary="Record recommendations", responses=problems(401, 403, 503)
)
async def record_all(request: Request, response: Response, given: Written[list[Given]]) -> Changed:
    """All or none; those unchanged make no new fact. Links have to lead to results of known plans."""

    async def work(writing: Writing) -> int:
        return await commands.record_all(writing, given)

    return Changed(changed=(await command(request, response, work))[0])


@router.get("/api/recommendations", summary="Recommendations")
async def list_all(request: Request) -> list[RecommendationRecorded]:
    """By code."""
    async with runtime_of(request).pool.acquire() as conn:
        return [item for _, item in (await store.all_recommendations(conn)).values()]
