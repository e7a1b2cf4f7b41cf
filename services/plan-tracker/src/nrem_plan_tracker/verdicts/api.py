"""JSON routes of verdicts and dissents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request, Response

from nrem_plan_tracker.answers import command, explained, follow, problem_of
from nrem_plan_tracker.asking import own_member, sees_all
from nrem_plan_tracker.refusals import Refusal, unknown
from nrem_plan_tracker.verdicts import commands
from nrem_plan_tracker.verdicts.bodies import DissentBody, VerdictBody
from nrem_shared.contracts.plans import DissentRecorded, VerdictGiven
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.written import Written

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing

router = APIRouter(tags=["verdicts"], dependencies=[Depends(follow)])


@router.post(
    "/api/plans/{plan}/results/{result}/verdicts",
    status_code=201,
    summary="Give a verdict",
    responses=problems(401, 403, 404, 503),
)
async def give(
    request: Request, response: Response, plan: str, result: str, given: Written[VerdictBody]
) -> VerdictGiven:
    """Stands beside the members' self-assessments; earlier verdicts stay in the history."""

    async def work(writing: Writing) -> VerdictGiven:
        return await commands.give(writing, plan, result, given)

    return (await command(request, response, work))[0]


@router.post(
    "/api/plans/{plan}/results/{result}/dissents",
    status_code=201,
    summary="Record a dissent",
    responses=problems(401, 403, 404, 409, 503),
)
async def dissent(
    request: Request, response: Response, plan: str, result: str, given: Written[DissentBody]
) -> DissentRecorded:
    """A member's or an organisation's differing opinion on the verdict in force."""
    institution = speaks_for(request, given.institution)

    async def work(writing: Writing) -> DissentRecorded:
        return await commands.dissent(writing, plan, result, institution, given)

    return (await command(request, response, work))[0]


def speaks_for(request: Request, named: str | None) -> str:
    """The institution a body is about: the one named by the coordinator, else the member's own. Raises Problem."""
    own = own_member(request)
    if sees_all(request):
        if named or own:
            return str(named or own)
        raise explained(request, [Refusal("/institution", "institution_missing")])
    if own is None or named not in (None, own):
        raise problem_of(request, unknown("not_yours"))
    return own
