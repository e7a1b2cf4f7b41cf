"""The access log, for the coordinator."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from nrem_intake.access_log import store
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

PER_PAGE = 50


@router.get("/access-log")
async def access_log(
    request: Request,
    what: Annotated[Literal["", "read", "export"], Query()] = "",
    about: Annotated[str, Query(max_length=100)] = "",
    number: Annotated[int, Query(ge=1, le=10_000, alias="page")] = 1,
) -> HTMLResponse:
    """Who read and exported what, the newest first; by kind, and by a part of the address."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.page(conn, what or None, about.strip(), PER_PAGE + 1, (number - 1) * PER_PAGE)
    return page(
        request,
        "intake/access_log.html",
        title="access_log.title",
        accesses=found[:PER_PAGE],
        more=len(found) > PER_PAGE,
        number=number,
        what=what,
        about=about,
        root=request.scope.get("root_path", ""),
    )
