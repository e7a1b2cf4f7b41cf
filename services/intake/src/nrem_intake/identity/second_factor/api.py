"""JSON route of second factors: taking a lost device away."""

from __future__ import annotations

from fastapi import APIRouter, Request

from nrem_intake.identity.second_factor.commands import take_away
from nrem_shared.contracts.members import ContactRole
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.requests import runtime_of

router = APIRouter(tags=["identity"])


@router.delete(
    "/api/members/{code}/contacts/{role}/second-factor",
    status_code=204,
    summary="Take a lost device away",
    responses=problems(403, 404),
)
async def forget(request: Request, code: str, role: ContactRole) -> None:
    """Device and recovery codes are worth nothing any more; whoever needs one sets another up at the next sign-in."""
    if not await take_away(runtime_of(request), code, role, current_principal(request).subject):
        raise Problem.not_found(f"{code} has no contact {role} with a second factor.")
