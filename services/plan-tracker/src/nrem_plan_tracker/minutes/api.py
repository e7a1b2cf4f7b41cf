"""JSON routes of minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request, Response

from nrem_plan_tracker.answers import command, follow, problem_of
from nrem_plan_tracker.asking import own_member, sees_all
from nrem_plan_tracker.minutes import commands, store
from nrem_plan_tracker.minutes.bodies import AmendmentBody, DecideBody
from nrem_plan_tracker.minutes.domain import Minutes
from nrem_plan_tracker.minutes.store import KnownMinutes
from nrem_plan_tracker.refusals import unknown
from nrem_plan_tracker.verdicts.api import speaks_for
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.runtime.written import Written

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nrem_shared.runtime.journal import Writing

router = APIRouter(prefix="/api/meetings/{code}/minutes", tags=["minutes"], dependencies=[Depends(follow)])


class MinutesAnswer(Minutes):
    """Minutes and their revision."""

    revision: int


@router.get("", summary="The minutes of a meeting", responses=problems(401, 403, 404))
async def get_minutes(request: Request, code: str) -> MinutesAnswer:
    """For the ministry and for those who were invited."""
    return answer_of(await known_minutes(request, code))


@router.post(
    "/circulate", status_code=201, summary="Circulate draft minutes", responses=problems(401, 403, 404, 409, 503)
)
async def circulate(request: Request, response: Response, code: str) -> MinutesAnswer:
    """Assembled from what had been accepted when the meeting began; amendments are due in five working days."""
    return await _run(request, response, lambda writing: commands.circulate(writing, code))


@router.post(
    "/amendments", status_code=201, summary="Propose an amendment", responses=problems(401, 403, 404, 409, 503)
)
async def propose(request: Request, response: Response, code: str, given: Written[AmendmentBody]) -> MinutesAnswer:
    """By a member that was invited, until amendments are due; refused after approval."""
    institution = speaks_for(request, given.institution)
    return await _run(request, response, lambda writing: commands.propose(writing, code, institution, given))


@router.post(
    "/amendments/{amendment}/decide",
    status_code=201,
    summary="Accept or reject an amendment",
    responses=problems(401, 403, 404, 409, 503),
)
async def decide(
    request: Request, response: Response, code: str, amendment: str, given: Written[DecideBody]
) -> MinutesAnswer:
    """With the reason."""
    return await _run(request, response, lambda writing: commands.decide(writing, code, amendment, given))


@router.post("/approve", status_code=201, summary="Approve and freeze", responses=problems(401, 403, 404, 409, 503))
async def approve(request: Request, response: Response, code: str) -> MinutesAnswer:
    """After the time for amendments, with every amendment decided; carries the journal's head."""
    return await _run(request, response, lambda writing: commands.approve(writing, code))


async def _run(
    request: Request, response: Response, work: Callable[[Writing], Awaitable[KnownMinutes]]
) -> MinutesAnswer:
    return answer_of((await command(request, response, work))[0])


async def known_minutes(request: Request, code: str) -> KnownMinutes:
    """The minutes, for those who may read them; raises the 404 problem."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.minutes(conn, code)
    if found is None or not (sees_all(request) or own_member(request) in found.minutes.invited):
        raise problem_of(request, unknown("no_minutes_yet", named=code[:40]))
    return found


def answer_of(known: KnownMinutes) -> MinutesAnswer:
    """As the interface answers it."""
    return MinutesAnswer(**known.minutes.model_dump(), revision=known.revision)
