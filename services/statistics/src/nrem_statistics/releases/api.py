"""Releases over HTTP."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from nrem_shared.contracts.releases import FiguresReleased
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import follows
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import translator_of
from nrem_statistics.answer import Answer
from nrem_statistics.asking import open_period
from nrem_statistics.releases import commands, store
from nrem_statistics.releases.store import ReleaseRow


async def follow(request: Request) -> None:
    """Dependency of commands: what the request follows (`Nrem-After`) is there, or the 503 problem."""
    if request.method == "POST" and not await follows(request):
        raise Problem.unavailable(translator_of(request)("release.behind"), 2)


router = APIRouter(prefix="/api/quarters/{period}/releases", tags=["releases"], dependencies=[Depends(follow)])


class ReleaseSummary(Answer):
    """A release without its tables."""

    period: str
    version: int
    released_at: datetime
    as_known_on: datetime
    manifest: dict[str, int] = Field(description="Member → the accepted version that is counted")
    changed_figures: int = Field(description="Figures that differ from the release before")
    illustrative: bool


class Release(FiguresReleased):
    """A release as it was journalled, and when."""

    released_at: datetime


@router.post("", status_code=201, responses=problems(401, 403, 404, 409, 503))
async def release(request: Request, response: Response, period: str) -> Release:
    """Freeze the group's figures as they are known now, unsuppressed, for the working group and the ministry.

    Refused with every reason at once: nothing accepted yet, something received and not understood or missing, what is
    known is not fresh, or nothing changed since the release before.
    """
    row, after = await commands.release(request, period)
    response.headers["Nrem-After"] = after
    return _whole(row)


@router.get("", responses=problems(401, 403, 404))
async def list_releases(request: Request, period: str) -> list[ReleaseSummary]:
    """Every release of a quarter, newest first."""
    async with runtime_of(request).pool.acquire() as conn:
        await open_period(request, conn, period)
        rows = await store.releases_of(conn, period)
    return [
        ReleaseSummary(
            period=one.document.period,
            version=one.document.version,
            released_at=one.released_at,
            as_known_on=one.document.as_known_on,
            manifest=one.document.manifest,
            changed_figures=len(one.document.changes),
            illustrative=one.document.illustrative,
        )
        for one in rows
    ]


@router.get("/{version}", responses=problems(401, 403, 404))
async def one_release(request: Request, period: str, version: int) -> Release:
    """A release with its tables, for the working group and the ministry; there is no public view of it."""
    return _whole(await known_release(request, period, version))


async def known_release(request: Request, period: str, version: int) -> ReleaseRow:
    """The release; raises the 404 problem."""
    async with runtime_of(request).pool.acquire() as conn:
        await open_period(request, conn, period)
        found = await store.release(conn, period, version) if 0 < version < 2**31 else None
    if found is None:
        _ = translator_of(request)
        raise Problem.not_found(_("release.none_such", period=period[:20], version=version))
    return found


def _whole(row: ReleaseRow) -> Release:
    return Release.model_validate({**row.document.model_dump(), "released_at": row.released_at})
