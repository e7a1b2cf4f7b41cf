"""JSON routes of reporting periods."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.periods import commands, store
from nrem_intake.periods.commands import ToOpen
from nrem_shared.contracts.base import PeriodCode
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.runtime.written import Written

router = APIRouter(tags=["periods"])


class PeriodToOpen(BaseModel):
    """A quarter, the group whose members owe a submission for it, and the day it is due."""

    code: PeriodCode
    group: Annotated[str, Field(min_length=1, max_length=64)]
    due: date
    illustrative: Annotated[bool, Field(strict=True)] = False


class Period(BaseModel):
    """A reporting period; `owes` was frozen when it opened, `manifest` when it closed."""

    code: str
    revision: int
    group: str
    due: date
    owes: list[str]
    state: str
    illustrative: bool
    opened_at: datetime
    closed_at: datetime | None
    manifest: dict[str, Any] | None


def _shown(row: Any) -> Period:
    return Period(group=row["grp"], **{name: row[name] for name in Period.model_fields if name != "group"})


@router.post("/api/periods", status_code=201, summary="Open a period", responses=problems(409))
async def open_period(request: Request, response: Response, given: Written[PeriodToOpen]) -> Period:
    """Freezes who owes a submission: the group's members on this day."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        await commands.open_period(writing, ToOpen(given.code, given.group, given.due, given.illustrative))
        row = await store.period(writing.conn, given.code)
    response.headers[AFTER] = writing.after
    return _shown(row)


@router.post("/api/periods/{code}/close", summary="Close a period", responses=problems(404, 409))
async def close_period(request: Request, response: Response, code: PeriodCode) -> Period:
    """Carries the manifest: the accepted version of each member and the reference data in force."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        await commands.close_period(writing, code)
        row = await store.period(writing.conn, code)
    response.headers[AFTER] = writing.after
    return _shown(row)


@router.get("/api/periods", summary="All periods")
async def list_periods(request: Request) -> list[Period]:
    """Newest first."""
    async with runtime_of(request).pool.acquire() as conn:
        return [_shown(row) for row in await store.periods(conn)]


@router.get("/api/periods/{code}", summary="One period", responses=problems(404))
async def get_period(request: Request, code: PeriodCode) -> Period:
    """With who owes a submission, and the manifest once it is closed."""
    async with runtime_of(request).pool.acquire() as conn:
        row = await store.period(conn, code)
    if row is None:
        raise Problem.not_found(f"There is no period {code}.")
    return _shown(row)
