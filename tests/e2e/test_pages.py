"""Every page of every service, in both languages, wide and narrow: it is there, fits, and has no barrier axe finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.platform.front import build_front
from nrem_shared.runtime.identity.authorisation import SAFE, routes_of
from support.barriers import barriers
from support.visitors import examples_made, visitors

pytestmark = pytest.mark.timeout(600)

#: What no person opens in a browser: programs ask for it.
FOR_PROGRAMS = ("/api/", "/.well-known/", "/health/", "/metrics", "/calendars/")

#: Addresses of pages that name something: one that the demonstration has. The rest are their own examples.
EXAMPLES = {
    "/intake/periods/{period}/submissions/{member}": "/intake/periods/2026-Q1/submissions/lm",
    "/intake/periods/{period}/submissions/{member}/upload": "/intake/periods/2026-Q4/submissions/vp/upload",
    "/intake/periods/{period}/submissions/{member}/versions/{version}/return": (
        "/intake/periods/2026-Q3/submissions/vp/versions/1/return"
    ),
    # Nothing waits there: it leads on to the review. What waits is looked at in test_review.py.
    "/intake/periods/{period}/submissions/{member}/versions/{version}/figures": (
        "/intake/periods/2026-Q3/submissions/vp/versions/1/figures"
    ),
    "/intake/periods/{period}/submissions/{member}/extension": "/intake/periods/2026-Q4/submissions/vp/extension",
    "/intake/periods/{period}/submissions/{member}/ask-extension": (
        "/intake/periods/2026-Q4/submissions/vp/ask-extension"
    ),
    "/intake/periods/{period}/submissions/{member}/workbook": "/intake/periods/2026-Q4/submissions/vp/workbook",
    "/intake/periods/{period}/submissions/{member}/report": "/intake/periods/2026-Q4/submissions/vp/report",
    "/intake/periods/{period}/submissions/{member}/report/sections/{section}": (
        "/intake/periods/2026-Q4/submissions/vp/report/sections/observations"
    ),
    "/intake/periods/{period}/submissions/{member}/report/check": "/intake/periods/2026-Q4/submissions/vp/report/check",
    "/intake/periods/{period}/submissions/{member}/report/receipt": (
        "/intake/periods/2026-Q2/submissions/vp/report/receipt"
    ),
    "/intake/periods/{period}/submissions/{member}/report/correction": (
        "/intake/periods/2026-Q2/submissions/vp/report/correction"
    ),
    "/intake/periods/{period}/submissions/{member}/versions/{version}/review": (
        "/intake/periods/2026-Q3/submissions/vp/versions/1/review"
    ),
    "/intake/periods/{period}/submissions/{member}/versions/{version}/discussion": (
        "/intake/periods/2026-Q3/submissions/vp/versions/1/discussion?at=/observations/0"
    ),
    "/intake/periods/{period}/submissions/{member}/versions/{version}/redact": (
        "/intake/periods/2026-Q2/submissions/vp/versions/1/redact"
    ),
    "/intake/periods/{period}/submissions/{member}/let-pass": "/intake/periods/2026-Q4/submissions/vp/let-pass",
    "/intake/periods/{period}/submissions/{member}/evidence": "/intake/periods/2026-Q4/submissions/vp/evidence",
    "/intake/administration/members/{code}": "/intake/administration/members/vp",
    "/intake/administration/members/{code}/change": "/intake/administration/members/vp/change",
    "/intake/administration/members/{code}/contacts/{role}": "/intake/administration/members/vp/contacts/focal_point",
    "/intake/administration/periods/{code}": "/intake/administration/periods/2026-Q4",
    "/intake/administration/reference/{kind}/{code}": "/intake/administration/reference/codelist/age_group",
    "/intake/administration/reference/{kind}/{code}/codes/{entry}": (
        "/intake/administration/reference/codelist/age_group/codes/ADULT"
    ),
    "/intake/administration/indicators/{code}/change": "/intake/administration/indicators/VICT_REFERRED/change",
    "/intake/administration/labels/{kind}/{code}": "/intake/administration/labels/codelist/age_group",
    "/intake/administration/labels/{kind}/{code}/{entry}": "/intake/administration/labels/codelist/age_group/ADULT",
    "/intake/people/{id}": "{person}",
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

#: There with an identity provider only: tests/e2e/test_signing_in.py goes there.
WITH_PROVIDER = {"/intake/sign-in/provider", "/intake/sign-in/provider/return"}

#: Routes that answer with a file.
DOWNLOADS = {
    "/intake/periods/{period}/submissions/{member}/workbook.xlsx",
    "/intake/corrections/download",
    "/intake/administration/export",
    "/intake/access-log/download",
}

#: Language → the width at which it is gone through, and the one at which it must fit, too.
WIDTHS = {"lv": (1280, 320), "en": (320, 1280)}

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


ALL = [route for route in page_routes() if route.path not in REDIRECTS | DOWNLOADS | WITH_PROVIDER]


def test_every_page_with_a_parameter_has_an_example() -> None:
    named = {route.path for route in ALL if "{" in route.path}
    assert named - set(EXAMPLES) == set()
    assert set(EXAMPLES) <= {route.path for route in ALL}


@pytest.fixture(scope="module")
def pages(browser: Browser, platform: Any) -> Iterator[dict[str | None, Page]]:
    """A browser window per role, signed in by the demonstration's one click."""
    opened: dict[str | None, Page] = {}
    for role in (None, *ROLES):
        context = browser.new_context(base_url=platform.url)
        if role:
            form = {"role": role, "member": "vp"} if role == "member" else {"role": role}
            answer = context.request.post("/intake/demonstration/session", form=form, max_redirects=0)
            assert answer.status == 303
        opened[role] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


@pytest.fixture(scope="module")
def made(platform: Any) -> dict[str, str]:
    """What stands for `{mail}` and `{person}` in the examples."""
    with visitors(platform.url, ("coordinator", "member")) as people:
        return examples_made(people, EXAMPLES["/reminders/mailboxes/{address}"])


@pytest.mark.parametrize("route", ALL, ids=lambda route: route.path)
def test_a_page_is_there_fits_and_has_no_barrier(
    pages: dict[str | None, Page], made: dict[str, str], route: PageRoute
) -> None:
    address = EXAMPLES.get(route.path, route.path)
    for placeholder, value in made.items():
        address = address.replace(placeholder, value)
    page = pages[route.role]
    for language, (width, other) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert answer is not None
        expected = int(address.rpartition("/")[2]) if "/problem/" in address else 200
        assert answer.status == expected, (address, language)
        if route.path != AS_SENT:
            assert page.locator("html").get_attribute("lang") == language, address
            assert page.locator("h1").count() == 1, address
            assert barriers(page) == [], f"{address} in {language} at {width} px"
        assert_fits(page, width)
        page.set_viewport_size({"width": other, "height": 900})
        assert_fits(page, other)


def assert_fits(page: Page, width: int) -> None:
    """Nothing has to be moved sideways to be read."""
    needed = page.evaluate("document.documentElement.scrollWidth")
    assert needed <= width, f"{page.url} is {needed} px wide at {width}"
