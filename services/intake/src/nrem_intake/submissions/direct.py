"""The short way of submissions: from the application to their operations, past all other routes.

FastAPI asks one route after the other whether it is meant, and works out an operation's parameters anew for each
request: of a single submission two thirds of the time between socket and journal, of fifty in one request a tenth.
Whoever is plainly asking to submit comes here first; a request about which anything has to be said (its path, its key)
takes the documented way, which says it. What is allowed is therefore decided in one place only (docs/adr/0014).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from fastapi import Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Match, NoMatchFound

from nrem_intake.submissions import bulk
from nrem_intake.submissions.asking import MEMBER_PATTERN
from nrem_intake.submissions.bodies import LARGEST_BULK, LARGEST_SUBMISSION, counted
from nrem_shared.contracts.base import PERIOD_PATTERN
from nrem_shared.runtime.idempotency import LONGEST_KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from fastapi import FastAPI, Response
    from starlette.types import Receive, Scope, Send

PATH = "/api/periods/{period}/submissions/{member}"


@dataclass(frozen=True)
class Plain:
    """What a request to an operation looks like about which nothing has to be said; `headers` = parameter → header."""

    operation: str
    path: re.Pattern[str]
    largest: int
    headers: Mapping[str, str] = field(default_factory=dict)


ONE = Plain(
    PATH,
    re.compile(
        f"/api/periods/(?P<period>{PERIOD_PATTERN.strip('^$')})/submissions/(?P<member>{MEMBER_PATTERN.strip('^$')})"
    ),
    LARGEST_SUBMISSION,
    {"if_match": "if-match"},
)
MANY = Plain(bulk.PATH, re.compile(bulk.PATH), LARGEST_BULK)


class DirectRoute(BaseRoute):
    """Submitting, as `documented` does it, for `plain` requests; `first` is what every route does."""

    def __init__(
        self, documented: APIRoute, plain: Plain, first: Sequence[Callable[[Request], Awaitable[None]]] = ()
    ) -> None:
        self.documented = documented
        self.path_format = documented.path_format
        self._plain = plain
        self._first = first
        self._submit: Callable[..., Awaitable[Response]] = documented.endpoint

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only what the documented operation would let pass."""
        if scope["type"] != "http" or scope["method"] != "POST":
            return Match.NONE, {}
        plain = self._plain.path.fullmatch(scope["path"].removeprefix(scope.get("root_path", "")))
        if plain is None or _has_long_key(scope):
            return Match.NONE, {}
        return Match.FULL, {"route": self.documented, "path_params": plain.groupdict()}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Authorise, submit, answer; problems are answered by the application, as everywhere."""
        request = Request(scope, counted(Request(scope, receive), self._plain.largest))
        for step in self._first:
            await step(request)
        said = {name: request.headers.get(header) for name, header in self._plain.headers.items()}
        response = await self._submit(request, **scope["path_params"], **said)
        await response(scope, receive, send)

    def url_path_for(self, name: str, /, **_: Any) -> NoReturn:
        """Nothing is looked up here: the documented route has the name."""
        raise NoMatchFound(name, {})


def _has_long_key(scope: Scope) -> bool:
    return any(name == b"idempotency-key" and len(value) > LONGEST_KEY for name, value in scope["headers"])


def install(app: FastAPI) -> None:
    """Let submissions take the short way. Raises LookupError where their operations do not exist."""
    first = [each.dependency for each in app.router.dependencies if each.dependency]
    routes = [_documented(app, plain) for plain in (ONE, MANY)]
    app.router.routes[:0] = [DirectRoute(route, plain, first) for route, plain in zip(routes, (ONE, MANY), strict=True)]


def _documented(app: FastAPI, plain: Plain) -> APIRoute:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.path == plain.operation and "POST" in (route.methods or ()):
            return route
    raise LookupError(f"there is no operation POST {plain.operation}")
