"""JSON routes of reference data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.reference import commands, store
from nrem_shared.contracts.reference import CodeList, Indicator, Project, ReferenceKind
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.runtime.written import Written

router = APIRouter(tags=["reference data"])

Given = Annotated[CodeList | Indicator | Project, Field(discriminator="kind")]


class Changed(BaseModel):
    """What became a new version, as `kind/code`, and how many stayed as they were."""

    changed: list[str]
    unchanged: int


@router.post("/api/reference", summary="Set reference data", responses=problems(403))
async def set_reference(
    request: Request, response: Response, items: Annotated[Written[list[Given]], Body(max_length=1000)]
) -> Changed:
    """Insert or replace code lists, indicators and projects; only what differs makes a new version. All or nothing."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        changed = await commands.set_items(writing, items)
    response.headers[AFTER] = writing.after
    return Changed(changed=changed, unchanged=len(items) - len(changed))


@router.get("/api/reference/{kind}", summary="Reference data of one kind")
async def list_reference(request: Request, kind: ReferenceKind) -> list[dict[str, Any]]:
    """Each item as it stands now, with its revision."""
    async with runtime_of(request).pool.acquire() as conn:
        return await store.of_kind(conn, kind)


@router.get("/api/reference/{kind}/{code}", summary="One piece of reference data", responses=problems(404))
async def get_reference(request: Request, kind: ReferenceKind, code: str) -> dict[str, Any]:
    """As it stands now, with its revision."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.one(conn, kind, code)
    if found is None:
        raise Problem.not_found(f"There is no {kind} {code}.")
    return found
