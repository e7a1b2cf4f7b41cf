"""JSON routes of legal deadlines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict

from nrem_plan_tracker.answers import await_institutions, command, follow
from nrem_plan_tracker.codes import with_plain_code
from nrem_plan_tracker.deadlines import commands, store
from nrem_shared.contracts.plans import LegalDeadlineMet, LegalDeadlineSet
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.runtime.written import Written

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing

router = APIRouter(tags=["legal deadlines"], dependencies=[Depends(follow)])


Given = Annotated[LegalDeadlineSet, AfterValidator(with_plain_code)]


class Changed(BaseModel):
    """How many of those sent differed from what was known."""

    changed: int


class MetBody(BaseModel):
    """Which due date was met, and when; left out: today."""

    model_config = ConfigDict(extra="forbid")

    due: date
    met_on: date | None = None


@router.post("/api/legal-deadlines", status_code=201, summary="Set legal deadlines", responses=problems(401, 403, 503))
async def set_all(request: Request, response: Response, given: Written[list[Given]]) -> Changed:
    """All or none; those unchanged make no new fact. What was met stays met."""
    given = [one.model_copy(update={"met": ()}) for one in given]
    await await_institutions(request, {one.owner.institution for one in given if one.owner and one.owner.institution})

    async def work(writing: Writing) -> int:
        return await commands.set_all(writing, given)

    return Changed(changed=(await command(request, response, work))[0])


@router.get("/api/legal-deadlines", summary="Legal deadlines")
async def list_all(request: Request) -> list[LegalDeadlineSet]:
    """By code."""
    async with runtime_of(request).pool.acquire() as conn:
        return [item for _, item in (await store.all_deadlines(conn)).values()]


@router.post(
    "/api/legal-deadlines/{code}/met",
    status_code=201,
    summary="Say that a deadline was met",
    responses=problems(401, 403, 404, 409, 503),
)
async def meet(request: Request, response: Response, code: str, given: Written[MetBody]) -> LegalDeadlineMet:
    """One of its due dates."""

    async def work(writing: Writing) -> LegalDeadlineMet:
        return await commands.meet(writing, code, given.due, given.met_on)

    return (await command(request, response, work))[0]
