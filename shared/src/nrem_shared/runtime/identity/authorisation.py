"""The authorisation table: route → who. A route without a rule, or a rule without a route, stops the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.routing import APIRoute, iter_route_contexts

from nrem_shared.runtime.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI

    from nrem_shared.runtime.identity.principal import Principal

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, init=False)
class Rule:
    """Who may use a route: holders of any of `roles`; none named = everybody, signed in or not."""

    roles: frozenset[str]

    def __init__(self, *roles: str) -> None:
        object.__setattr__(self, "roles", frozenset(roles))

    @property
    def public(self) -> bool:
        """Whether nobody needs to sign in."""
        return not self.roles


PUBLIC = Rule()


class SignInRequired(Exception):
    """A page needs somebody to be signed in; the browser is sent to renew its token."""


class UncoveredRoute(Exception):
    """The authorisation table and the routes do not agree."""


def routes_of(app: FastAPI) -> set[str]:
    """`METHOD /path` of every route of this app."""
    return {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in (context.methods or set()) - {"HEAD"}
    }


def check_table(app: FastAPI, rules: Mapping[str, Rule]) -> None:
    """Raise UncoveredRoute unless every route has exactly one rule and every rule a route."""
    routes = routes_of(app)
    bare, dangling = sorted(routes - set(rules)), sorted(set(rules) - routes)
    if bare or dangling:
        raise UncoveredRoute(f"routes without a rule: {bare}; rules without a route: {dangling}")


async def authorise(request: Request) -> None:
    """Dependency of every route: looks the rule up, asks who it is, and refuses those the rule does not name."""
    route = request.scope["route"]
    method = "GET" if request.method == "HEAD" else request.method
    rule: Rule = request.app.state.rules[f"{method} {route.path}"]
    principal: Principal | None = request.app.state.runtime.identity.identify(request)
    request.state.principal = principal
    _refuse_forged(request, principal)
    if rule.public or (principal is not None and not principal.roles.isdisjoint(rule.roles)):
        return
    if principal is not None:
        raise Problem.forbidden(f"This is for: {', '.join(sorted(rule.roles))}.")
    if is_page(request):
        raise SignInRequired
    raise Problem.unauthenticated(
        getattr(request.state, "token_problem", None) or "Send a token: Authorization: Bearer …"
    )


def is_page(request: Request) -> bool:
    """Whether a person's browser asks for a page (not a program for JSON)."""
    path = request.scope["route"].path if "route" in request.scope else request.url.path
    return not str(path).startswith(("/api/", "/.well-known/", "/health", "/metrics"))


def _refuse_forged(request: Request, principal: Principal | None) -> None:
    """A browser's cookie alone proves nothing: what changes something must come from one of our own pages.

    Every cookie counts, not the token's alone: a session between two steps of signing in has no token yet. A program
    that sends its token on purpose may come from anywhere.
    """
    by_token = principal is not None and not principal.by_cookie
    if request.method in SAFE or by_token:
        return
    ours = _from_our_own_page(request)
    if request.cookies and ours is None:
        raise Problem.forbidden("The request does not say which page it comes from: send the header Origin.")
    if ours is False and (request.cookies or is_page(request)):
        raise Problem.forbidden("The request comes from another site.")


def _from_our_own_page(request: Request) -> bool | None:
    """Whether the browser says that one of our own pages, or its user, made it ask; null where nothing is said.

    Without `Sec-Fetch-Site` the origin must be ours, without an origin the referring page. All browsers in use name
    the origin of a post: who has a cookie and names nothing is no browser, or one that hides where it comes from.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin") or request.headers.get("referer")
    return None if origin is None else urlsplit(origin).netloc == request.headers.get("host")


def current_principal(request: Request) -> Principal:
    """Who is asking; raises the 401 problem where nobody is."""
    principal: Principal | None = request.state.principal
    if principal is None:
        raise Problem.unauthenticated("Send a token: Authorization: Bearer …")
    return principal
