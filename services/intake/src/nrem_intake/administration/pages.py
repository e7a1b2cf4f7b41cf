"""Where administration begins, and all its pages."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_intake.administration import (
    codelists,
    codes,
    indicators,
    keys,
    labels,
    members,
    periods,
    reference,
    transfer,
)
from nrem_intake.administration.forms import administration_at, current_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])
for _pages in (members, keys, periods, reference, codes, codelists, indicators, labels, transfer):
    router.include_router(_pages.router)


@router.get("/administration")
async def administration(request: Request) -> HTMLResponse:
    """What can be administered."""
    return page(
        request,
        "intake/administration.html",
        title="administration.title",
        at=administration_at(request),
        root=request.scope.get("root_path", ""),
        current=current_of(request),
    )
