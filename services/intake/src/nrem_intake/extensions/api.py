"""JSON routes of extensions: give a member more time, ask for it, refuse it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.extensions import commands, domain, store
from nrem_intake.extensions.domain import Decided, Extension, Terms
from nrem_intake.submissions.asking import IDEMPOTENT, Member, Period, run_once
from nrem_intake.submissions.authorship import check_own
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.idempotency import Answer
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.runtime.written import Written

router = APIRouter(tags=["extensions"])

_PATH = "/api/periods/{period}/extensions"


class ToExtend(BaseModel):
    """The new due date and why; the member sees both."""

    due: date = Field(description="Later than the due date in force, and not in the past")
    reason: LocalizedText


class ToAsk(BaseModel):
    """Until when more time is asked for, and why."""

    until: date
    reason: LocalizedText


class ToRefuse(BaseModel):
    """Why the time asked for is not given; the member sees it."""

    reason: LocalizedText


class WishShown(BaseModel):
    """A day and the reason for it."""

    until: date
    reason: LocalizedText


class ExtensionShown(BaseModel):
    """How it stands: what was given last, what waits for a decision, what was refused last."""

    period: str
    member: str
    revision: int
    given: WishShown | None
    asked: WishShown | None
    refused: WishShown | None


@router.get(_PATH, summary="Extensions of a period")
async def list_extensions(request: Request, period: Period) -> list[ExtensionShown]:
    """All that were asked for or given, for the coordinator; a member's own."""
    principal = current_principal(request)
    own = None if principal.has("coordinator", "secretariat") else principal.member or ""
    async with runtime_of(request).pool.acquire() as conn:
        return [_shown(one) for one in await store.extensions(conn, period, own)]


@router.post(
    f"{_PATH}/{{member}}",
    status_code=201,
    summary="Give a member more time",
    response_model=ExtensionShown,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404, 409),
)
async def extend(request: Request, period: Period, member: Member, given: Written[ToExtend]) -> Response:
    """From now the member's due date is this one: what comes by then is not late, reminders follow it."""
    today = local_date(runtime_of(request).clock.now())
    return await _run(request, period, member, lambda terms: domain.extend(terms, given.due, given.reason, today))


@router.post(
    f"{_PATH}/{{member}}/ask",
    status_code=201,
    summary="Ask for more time",
    response_model=ExtensionShown,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404, 409),
)
async def ask(request: Request, period: Period, member: Member, given: Written[ToAsk]) -> Response:
    """Nothing changes before the coordinator decides."""
    check_own(request, member)
    today = local_date(runtime_of(request).clock.now())
    return await _run(request, period, member, lambda terms: domain.ask(terms, given.until, given.reason, today))


@router.post(
    f"{_PATH}/{{member}}/refuse",
    summary="Do not give the time asked for",
    response_model=ExtensionShown,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404, 409),
)
async def refuse(request: Request, period: Period, member: Member, given: ToRefuse) -> Response:
    """The due date stays."""
    return await _run(request, period, member, lambda terms: domain.refuse(terms, given.reason), status=200)


async def _run(
    request: Request, period: str, member: str, command: Callable[[Terms], Decided], *, status: int = 201
) -> Response:
    catalogues = catalogues_of(runtime_of(request))

    async def answer(writing: Any) -> Answer:
        decided = await commands.decide(writing, catalogues, period, member, command)
        return Answer(status, _shown(decided.extension).model_dump_json(), {AFTER: writing.after})

    return await run_once(request, answer)


def _shown(one: Extension) -> ExtensionShown:
    return ExtensionShown(
        period=one.period,
        member=one.member,
        revision=one.revision,
        **{
            name: WishShown(until=wish.until, reason=wish.reason) if wish else None
            for name, wish in (("given", one.given), ("asked", one.asked), ("refused", one.refused))
        },
    )
