"""What the platform says about itself to everybody: accessibility, privacy, and how long what is kept."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_shared.runtime.identity import PUBLIC, Rule
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

RULES: Final[dict[str, Rule]] = {
    "GET /accessibility": PUBLIC,
    "GET /privacy": PUBLIC,
    "GET /retention": PUBLIC,
}

#: Statement → its sections, each with the number of its sentences; all of them are messages `statement.…`.
SECTIONS: Final = {
    "accessibility": {"done": 6, "not_done": 2, "tested": 3, "tell": 1},
    "privacy": {"never": 3, "kept": 5, "cookies": 5, "rights": 3},
}

#: What is kept, in the order of the schedule: for each a name, how long, and what happens then.
KEPT: Final = (
    "reports",
    "discussions",
    "drafts",
    "evidence",
    "contacts",
    "links",
    "sessions",
    "access",
    "mails",
    "outcomes",
    "notes",
    "minutes",
    "figures",
    "journal",
)


def statements_router() -> APIRouter:
    """Routes of the three statements, open to everybody."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

    @router.get("/accessibility")
    async def accessibility(request: Request) -> HTMLResponse:
        """What was done so that everybody can use the platform, what was not, and whom to tell."""
        return _statement(request, "accessibility")

    @router.get("/privacy")
    async def privacy(request: Request) -> HTMLResponse:
        """What is kept about people, what never is, and what one may ask for."""
        return _statement(request, "privacy")

    @router.get("/retention")
    async def retention(request: Request) -> HTMLResponse:
        """How long what is kept."""
        return page(request, "nrem/retention.html", title="statement.retention.title", kept=KEPT)

    return router


def _statement(request: Request, name: str) -> HTMLResponse:
    return page(request, "nrem/statement.html", title=f"statement.{name}.title", name=name, sections=SECTIONS[name])
