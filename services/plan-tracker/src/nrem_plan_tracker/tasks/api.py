"""JSON routes of decisions and tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request, Response

from nrem_plan_tracker.answers import command, follow
from nrem_plan_tracker.asking import own_member, sees_all
from nrem_plan_tracker.tasks import commands, store
from nrem_plan_tracker.tasks.bodies import DecisionAnswer, DecisionBody, DoneBody
from nrem_plan_tracker.tasks.domain import Task
from nrem_shared.contracts.meetings import DecisionTaken
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.runtime.written import Written

if TYPE_CHECKING:
    from nrem_plan_tracker.tasks.domain import KnownTask
    from nrem_shared.runtime.journal import Writing

router = APIRouter(tags=["decisions and tasks"], dependencies=[Depends(follow)])


@router.post(
    "/api/meetings/{meeting}/decisions",
    status_code=201,
    summary="Record a decision",
    responses=problems(401, 403, 404, 409, 503),
)
async def decide(request: Request, response: Response, meeting: str, given: Written[DecisionBody]) -> DecisionTaken:
    """Of a meeting that was held and whose minutes have not been circulated; with its tasks, all or nothing."""

    async def work(writing: Writing) -> DecisionTaken:
        return await commands.decide(writing, meeting, given)

    return (await command(request, response, work))[0]


@router.get("/api/tasks", summary="Tasks", responses=problems(401, 403))
async def list_tasks(request: Request) -> list[Task]:
    """By code; a member's own, or all for the coordinator."""
    async with runtime_of(request).pool.acquire() as conn:
        known = await store.tasks(conn)
    return [one.task for one in known.values() if sees_all(request) or one.task.owner == own_member(request)]


@router.get("/api/decisions", summary="Decisions", responses=problems(401, 403))
async def list_decisions(request: Request) -> list[DecisionAnswer]:
    """By code; the whole group sees what it decided."""
    async with runtime_of(request).pool.acquire() as conn:
        known, decisions = await store.tasks(conn), await store.decisions(conn)
    return [answer_of(one, known) for one in decisions.values()]


@router.post(
    "/api/tasks/{code}/done",
    status_code=201,
    summary="Report a task done",
    responses=problems(401, 403, 404, 409, 503),
)
async def report_done(request: Request, response: Response, code: str, given: DoneBody | None = None) -> Task:
    """By its owner, or the coordinator."""
    member = None if sees_all(request) else own_member(request) or ""
    done_on = given.done_on if given else None

    async def work(writing: Writing) -> Task:
        return await commands.report_done(writing, code, done_on, member)

    return (await command(request, response, work))[0]


def answer_of(decision: DecisionTaken, known: dict[str, KnownTask]) -> DecisionAnswer:
    """A decision with its status, derived from its tasks."""
    ended = decision.tasks and all(known[code].task.state != "open" for code in decision.tasks if code in known)
    return DecisionAnswer(**decision.model_dump(), status="carried_out" if ended else "taken")
