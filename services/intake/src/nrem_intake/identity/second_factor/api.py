"""JSON route of second factors: taking a lost device away."""

from __future__ import annotations

from fastapi import APIRouter, Request

from nrem_intake.identity.second_factor import store
from nrem_intake.identity.second_factor.commands import Person
from nrem_intake.members import store as members_store
from nrem_shared.contracts.members import ContactRole
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.requests import runtime_of

router = APIRouter(tags=["identity"])
_log = logger(__name__)


@router.delete(
    "/api/members/{code}/contacts/{role}/second-factor",
    status_code=204,
    summary="Take a lost device away",
    responses=problems(403, 404),
)
async def forget(request: Request, code: str, role: ContactRole) -> None:
    """Device and recovery codes are worth nothing any more; a coordinator sets another up at the next sign-in."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        contact = await members_store.contact(conn, code, role)
        gone = contact is not None and await store.forget(conn, Person.at(runtime, contact["address"]).key)
    if not gone:
        raise Problem.not_found(f"{code} has no contact {role} with a second factor.")
    _log.warning("a second factor was taken away", member=code, role=role, by=current_principal(request).subject)
