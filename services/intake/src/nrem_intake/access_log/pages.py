"""The access log, for the coordinator: as a page in words, and as it was written down."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.access_log import store
from nrem_intake.access_log.domain import manner_of, place_of
from nrem_intake.reviewing.places import names
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

PER_PAGE = 50
MOST_ROWS = 100_000

What = Annotated[Literal["", "read", "export"], Query()]
About = Annotated[str, Query(max_length=100)]


@router.get("/access-log")
async def access_log(
    request: Request,
    what: What = "",
    about: About = "",
    number: Annotated[int, Query(ge=1, le=10_000, alias="page")] = 1,
) -> HTMLResponse:
    """Who read and exported what, the newest first; by kind, and by a part of the address."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.page(conn, what or None, about.strip(), PER_PAGE + 1, (number - 1) * PER_PAGE)
        labels = await names(request, conn)
    return page(
        request,
        "intake/access_log.html",
        title="access_log.title",
        accesses=[(one, place_of(one.about), manner_of(one.actor)) for one in found[:PER_PAGE]],
        labels=labels,
        more=len(found) > PER_PAGE,
        number=number,
        what=what,
        about=about,
        root=request.scope.get("root_path", ""),
    )


@router.get("/access-log/download")
async def download(request: Request, what: What = "", about: About = "") -> Response:
    """The same as CSV, with addresses and actors as they were written down."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.page(conn, what or None, about.strip(), MOST_ROWS, 0)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["at", "actor", "display", "roles", "what", "about", "correlation_id"])
    for one in found:
        display = f"'{one.display}" if one.display[:1] in ("=", "+", "-", "@", "\t", "\r") else one.display
        row = [one.at.isoformat(), one.actor, display, " ".join(one.roles), one.what, one.about, one.correlation_id]
        table.writerow(row)
    headers = {"content-disposition": 'attachment; filename="access-log.csv"', "cache-control": "private, no-store"}
    return Response("\ufeff" + written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
