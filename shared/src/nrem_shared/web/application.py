"""What a service's application needs for pages: the site, its static files, problems as pages, signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import RedirectResponse

from nrem_shared.runtime.clock import DemonstrationClock
from nrem_shared.runtime.identity.authorisation import SignInRequired, is_page
from nrem_shared.runtime.problems import KINDS, answer, as_problem
from nrem_shared.web.assets import Assets
from nrem_shared.web.environments import build_templates
from nrem_shared.web.rendering import problem_page
from nrem_shared.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from starlette.responses import Response

SIGN_IN = "/intake/session/renew"
SIGN_OUT = "/intake/session/end"
SIGN_IN_PAGE = "/intake/sign-in"


def pages(*packages: str, mount_assets: bool = True) -> Callable[[FastAPI], None]:
    """An `install` for a blueprint: templates and messages of these packages on top of the shared ones."""

    def install(app: FastAPI) -> None:
        assets = Assets("/static")
        app.state.site = Site(
            build_templates(*packages, pseudo=True),
            assets,
            sign_in=SIGN_IN_PAGE,
            sign_out=SIGN_OUT,
        )
        if mount_assets:
            app.mount("/static", assets)
        for kind in KINDS:
            app.add_exception_handler(kind, _problem)
        app.add_exception_handler(SignInRequired, _sign_in)

    return install


async def _problem(request: Request, error: Exception) -> Response:
    problem = as_problem(error)
    if is_page(request) and "text/html" in request.headers.get("accept", ""):
        status = 404 if _names_nothing(error) else problem.status
        return problem_page(request, status, trace=getattr(request.state, "correlation_id", None))
    return answer(problem, request)


def _names_nothing(error: Exception) -> bool:
    """Whether a name in the address cannot be one: then there is no such page."""
    return isinstance(error, RequestValidationError) and {item["loc"][0] for item in error.errors()} == {"path"}


async def _sign_in(request: Request, _: Exception) -> Response:
    """To intake for a fresh token and back; 307 keeps a form's content."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{SIGN_IN}?next={quote(here, safe='')}", status_code=307)


async def set_clock(request: Request) -> None:
    """Dependency of pages: the layout shows the demonstration's clock."""
    clock = request.app.state.runtime.clock
    request.state.clock = clock.now() if isinstance(clock, DemonstrationClock) else None
