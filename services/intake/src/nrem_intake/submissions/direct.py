"""The short way of a single submission: from the application to its operation, past all other routes.

FastAPI asks one route after the other whether it is meant, and works out an operation's parameters anew for each
request: two thirds of the time between socket and journal. Whoever is plainly asking to submit comes here first; a
request about which anything has to be said (its path, its key) takes the documented way, which says it. What is allowed
is therefore decided in one place only (docs/adr/0014).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from fastapi import Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Match, NoMatchFound

from nrem_intake.submissions.asking import MEMBER_PATTERN
from nrem_intake.submissions.bodies import LARGEST_SUBMISSION, counted
from nrem_shared.contracts.base import PERIOD_PATTERN
from nrem_shared.runtime.idempotency import LONGEST_KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fastapi import FastAPI, Response
    from starlette.types import Receive, Scope, Send

PATH = "/api/periods/{period}/submissions/{member}"

_PLAIN = re.compile(f"/api/periods/({PERIOD_PATTERN.strip('^$')})/submissions/({MEMBER_PATTERN.strip('^$')})")


class DirectRoute(BaseRoute):
    """Submitting, as `documented` does it, for requests that need no explanation; `first` is what every route does."""

    def __init__(self, documented: APIRoute, first: Sequence[Callable[[Request], Awaitable[None]]] = ()) -> None:
        self.documented = documented
        self.path_format = documented.path_format
        self._first = first
        self._submit: Callable[[Request, str, str, str | None], Awaitable[Response]] = documented.endpoint

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only what the documented operation would let pass."""
        if scope["type"] != "http" or scope["method"] != "POST":
            return Match.NONE, {}
        plain = _PLAIN.fullmatch(scope["path"].removeprefix(scope.get("root_path", "")))
        if plain is None or _has_long_key(scope):
            return Match.NONE, {}
        path_params = {"period": plain[1], "member": plain[2]}
        return Match.FULL, {"route": self.documented, "path_params": path_params}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Authorise, submit, answer; problems are answered by the application, as everywhere."""
        request = Request(scope, counted(Request(scope, receive), LARGEST_SUBMISSION))
        for step in self._first:
            await step(request)
        named = scope["path_params"]
        response = await self._submit(request, named["period"], named["member"], request.headers.get("if-match"))
        await response(scope, receive, send)

    def url_path_for(self, name: str, /, **_: Any) -> NoReturn:
        """Nothing is looked up here: the documented route has the name."""
        raise NoMatchFound(name, {})


def _has_long_key(scope: Scope) -> bool:
    return any(name == b"idempotency-key" and len(value) > LONGEST_KEY for name, value in scope["headers"])


def install(app: FastAPI) -> None:
    """Let single submissions take the short way. Raises LookupError where their operation does not exist."""
    first = [each.dependency for each in app.router.dependencies if each.dependency]
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.path == PATH and "POST" in (route.methods or ()):
            app.router.routes.insert(0, DirectRoute(route, first))
            return
    raise LookupError(f"there is no operation POST {PATH}")
