"""Every page of every service, in both languages, wide and narrow: it is there, and nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.platform.front import build_front
from nrem_shared.runtime.identity.authorisation import SAFE, routes_of

#: What no person opens in a browser: programs ask for it.
FOR_PROGRAMS = ("/api/", "/.well-known/", "/health/", "/metrics")

#: Addresses of pages that name something: one that the demonstration has. The rest are their own examples.
EXAMPLES = {
    "/intake/periods/{period}/submissions/{member}": "/intake/periods/2026-Q1/submissions/lm",
    "/intake/periods/{period}/submissions/{member}/upload": "/intake/periods/2026-Q4/submissions/vp/upload",
    "/intake/periods/{period}/submissions/{member}/versions/{version}/return": (
        "/intake/periods/2026-Q3/submissions/vp/versions/1/return"
    ),
    "/statistics/quarters/{period}": "/statistics/quarters/2026-Q2?as_known_on=2026-08-01",
    "/components/problem/{status}": "/components/problem/409",
}

#: Pages about things that the demonstration does not have yet; who adds such a page opens it in a test of its own.
ELSEWHERE = ("/plan/", "/reminders/")

#: Routes that only send a browser on.
REDIRECTS = {"/intake/session/renew", "/statistics/"}

LANGUAGES = ("lv", "en")
WIDTHS = (1280, 320)

#: Which role opens a page, the first that may.
ROLES = ("coordinator", "member", "operator", "reader")


@dataclass(frozen=True)
class PageRoute:
    """A route that answers with a page; `role` null = everybody."""

    path: str
    role: str | None


def page_routes() -> Iterator[PageRoute]:
    for route in sorted(routes_of(build_front())):
        method, path = route.split(" ")
        if method == "GET" and not path.startswith("/demonstration/"):
            yield PageRoute(path, None)
    for blueprint, _ in BLUEPRINTS.values():
        for route, rule in blueprint.rules.items():
            method, path = route.split(" ")
            if method in SAFE and not path.startswith(FOR_PROGRAMS):
                role = None if rule.public else next(role for role in ROLES if role in rule.roles)
                yield PageRoute(blueprint.base_path + path, role)


ALL = [route for route in page_routes() if route.path not in REDIRECTS]
OPENED = [route for route in ALL if "{" not in route.path or route.path in EXAMPLES]


def test_every_page_is_opened_here_or_named_as_opened_elsewhere() -> None:
    left = {route.path for route in ALL} - {route.path for route in OPENED}
    assert {path for path in left if not path.startswith(ELSEWHERE)} == set()
    assert set(EXAMPLES) <= {route.path for route in ALL}
    assert len(OPENED) >= 12


@pytest.fixture(scope="module")
def contexts(browser: Browser, platform: Any) -> Iterator[dict[str | None, BrowserContext]]:
    """A browser window per role, signed in by the demonstration's one click."""
    opened: dict[str | None, BrowserContext] = {}
    for role in (None, *ROLES):
        opened[role] = browser.new_context(base_url=platform.url)
        if role:
            form = {"role": role, "member": "vp"} if role == "member" else {"role": role}
            answer = opened[role].request.post("/intake/demonstration/session", form=form, max_redirects=0)
            assert answer.status == 303
    yield opened
    for context in opened.values():
        context.close()


@pytest.mark.parametrize("route", OPENED, ids=lambda route: route.path)
def test_a_page_is_there_and_fits(contexts: dict[str | None, BrowserContext], route: PageRoute) -> None:
    address = EXAMPLES.get(route.path, route.path)
    page = contexts[route.role].new_page()
    for language in LANGUAGES:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert answer is not None
            expected = int(address.rpartition("/")[2]) if "/problem/" in address else 200
            assert answer.status == expected, (address, language)
            shown = page.evaluate("[document.documentElement.lang, document.documentElement.scrollWidth]")
            assert shown[0] == language, address
            assert shown[1] <= width, f"{address} in {language} is {shown[1]} px wide at {width}"
            assert page.locator("h1").count() == 1, address
    page.close()
