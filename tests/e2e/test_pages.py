"""Every page of every service, in both languages, wide and narrow: it is there, fits, and has no barrier axe finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.platform.front import build_front
from nrem_shared.runtime.identity.authorisation import SAFE, routes_of

#: What no person opens in a browser: programs ask for it.
FOR_PROGRAMS = ("/api/", "/.well-known/", "/health/", "/metrics", "/calendars/")

#: Addresses of pages that name something: one that the demonstration has. The rest are their own examples.
EXAMPLES = {
    "/intake/periods/{period}/submissions/{member}": "/intake/periods/2026-Q1/submissions/lm",
    "/intake/periods/{period}/submissions/{member}/upload": "/intake/periods/2026-Q4/submissions/vp/upload",
    "/intake/periods/{period}/submissions/{member}/versions/{version}/return": (
        "/intake/periods/2026-Q3/submissions/vp/versions/1/return"
    ),
    "/intake/periods/{period}/submissions/{member}/extension": "/intake/periods/2026-Q4/submissions/vp/extension",
    "/intake/periods/{period}/submissions/{member}/ask-extension": (
        "/intake/periods/2026-Q4/submissions/vp/ask-extension"
    ),
    "/reminders/obligation": "/reminders/obligation?key=QUARTER/2026-Q4/vp",
    "/statistics/quarters/{period}": "/statistics/quarters/2026-Q2?as_known_on=2026-08-01",
    "/statistics/quarters/{period}/release": "/statistics/quarters/2026-Q1/release",
    "/statistics/quarters/{period}/releases/{version}": "/statistics/quarters/2026-Q2/releases/1",
    "/components/problem/{status}": "/components/problem/409",
    "/plan/plans/{plan}": "/plan/plans/2021-2023",
    "/plan/plans/{plan}/results/{result}": "/plan/plans/2025-2027/results/12.1",
    "/plan/plans/{plan}/results/{result}/verdict": "/plan/plans/2025-2027/results/5.1/verdict",
    "/plan/plans/{plan}/results/{result}/dissent": "/plan/plans/2025-2027/results/12.1/dissent",
    "/plan/meetings/{code}": "/plan/meetings/M-2026-Q2",
    "/plan/meetings/{code}/move": "/plan/meetings/M-2026-Q2/move",
    "/plan/meetings/{code}/cancel": "/plan/meetings/M-2026-Q2/cancel",
    "/plan/meetings/{code}/hold": "/plan/meetings/M-2026-Q2/hold",
    "/plan/meetings/{code}/decisions": "/plan/meetings/M-2026-Q2/decisions",
    "/plan/meetings/{code}/minutes": "/plan/meetings/M-2026-Q2/minutes",
    "/plan/meetings/{code}/report": "/plan/meetings/M-2026-Q2/report",
    "/plan/meetings/{code}/amend": "/plan/meetings/M-2026-Q2/amend",
    "/plan/meetings/{code}/amendments/{amendment}": "/plan/meetings/M-2026-Q2/amendments/A-2026-01",
    "/reminders/mailboxes/{address}": "/reminders/mailboxes/kontakts@km.example",
    "/reminders/mailboxes/{address}/{number}": "/reminders/mailboxes/kontakts@km.example/{mail}",
    "/reminders/mailboxes/{address}/{number}/html": "/reminders/mailboxes/kontakts@km.example/{mail}/html",
}

#: Pages of which another program decides what they look like: a mail as it was sent.
AS_SENT = "/reminders/mailboxes/{address}/{number}/html"

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
#: What WCAG 2.2 AA asks for, as far as a program can find out.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passes need not be told of
}

#: Each language is gone through at one width; that the pages fit is looked at in all four.
GONE_THROUGH = {("lv", 1280), ("en", 320)}


def test_every_page_with_a_parameter_has_an_example() -> None:
    named = {route.path for route in ALL if "{" in route.path}
    assert named - set(EXAMPLES) == set()
    assert set(EXAMPLES) <= {route.path for route in ALL}


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


@pytest.fixture(scope="module")
def mail(contexts: dict[str | None, BrowserContext]) -> str:
    """The number of a mail that arrived at the example's address."""
    page = contexts["coordinator"].new_page()
    page.goto(EXAMPLES["/reminders/mailboxes/{address}"])
    address = page.get_by_role("main").locator("table a").first.get_attribute("href")
    page.close()
    assert address is not None
    return address.rpartition("/")[2]


@pytest.mark.parametrize("route", ALL, ids=lambda route: route.path)
def test_a_page_is_there_fits_and_has_no_barrier(
    contexts: dict[str | None, BrowserContext], mail: str, route: PageRoute
) -> None:
    address = EXAMPLES.get(route.path, route.path).replace("{mail}", mail)
    page = contexts[route.role].new_page()
    for language in LANGUAGES:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert answer is not None
            expected = int(address.rpartition("/")[2]) if "/problem/" in address else 200
            assert answer.status == expected, (address, language)
            shown = page.evaluate("[document.documentElement.lang, document.documentElement.scrollWidth]")
            assert shown[1] <= width, f"{address} in {language} is {shown[1]} px wide at {width}"
            if route.path == AS_SENT:
                continue
            assert shown[0] == language, address
            assert page.locator("h1").count() == 1, address
            if (language, width) in GONE_THROUGH:
                assert barriers(page) == [], f"{address} in {language} at {width} px"
    page.close()


def barriers(page: Page) -> list[str]:
    """What axe finds, in words."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes'][:3]]}" for one in found]
