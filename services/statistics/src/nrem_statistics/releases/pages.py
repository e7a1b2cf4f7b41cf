"""Pages of releases: the tables of one, and the confirmation that the coordinator releases by."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.released import ReleasedTables
from nrem_shared.web.rendering import language_of, page
from nrem_statistics.labels import Labels
from nrem_statistics.quarters.reading import read_reference
from nrem_statistics.releases import commands, store
from nrem_statistics.releases.api import known_release
from nrem_statistics.releases.domain import Draft, Obstacle
from nrem_statistics.releases.reading import read_draft
from nrem_statistics.sources import store as sources

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/quarters/{period}/releases/{version}")
async def release_page(request: Request, period: str, version: int) -> HTMLResponse:
    """The tables of one release, what it changed, and the other releases of the quarter."""
    row = await known_release(request, period, version)
    async with runtime_of(request).pool.acquire() as conn:
        every = await store.releases_of(conn, period)
    formats = request.app.state.site.templates.formats(language_of(request))
    return await _show(
        request,
        "statistics/release.html",
        "release.title",
        period,
        {"version": version},
        release=row.document,
        released_at=row.released_at,
        tables=ReleasedTables(row.document, formats),
        versions=[one.document.version for one in every],
    )


@router.get("/quarters/{period}/release")
async def release_form(request: Request, period: str) -> HTMLResponse:
    """What would be frozen, and what stands in the way."""
    return await _confirm(request, period, await read_draft(request, period))


@router.post("/quarters/{period}/release")
async def release(request: Request, period: str) -> Response:
    """Released, or why not."""
    try:
        row, after = await commands.release(request, period)
    except Problem as problem:
        if problem.status != 409:
            raise
        return await _confirm(request, period, await read_draft(request, period), problem, 409)
    to = f"{request.scope.get('root_path', '')}/quarters/{period}/releases/{row.document.version}"
    return see_other(to, after=after, secure=runtime_of(request).settings.secure_cookies)


async def _confirm(
    request: Request, period: str, prepared: Draft, refused: Problem | None = None, status: int = 200
) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        held = await store.releases_of(conn, period)
    waiting: tuple[Obstacle, ...] = prepared.obstacles
    problem = refused or (commands.refused(request, waiting) if waiting else None)
    return await _show(
        request,
        "statistics/releasing.html",
        "release.form_title",
        period,
        {},
        status,
        quarter=prepared.quarter,
        reasons=problem.errors if problem else (),
        previous=held[0] if held else None,
    )


async def _show(
    request: Request, template: str, title: str, period: str, values: dict[str, Any], status: int = 200, **items: Any
) -> HTMLResponse:
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        labels = Labels(await read_reference(conn, runtime.clock.now()), await sources.institutions(conn))
    return page(
        request,
        template,
        title=title,
        title_values={"year": period[:4], "quarter": period[-1], **values},
        status=status,
        root=request.scope.get("root_path", ""),
        period=period,
        labels=labels,
        **items,
    )
