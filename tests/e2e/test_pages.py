"""Every page of every service, in both languages, wide and narrow: it is there, fits, and has no barrier axe finds.

And where it is asked for: a page that leads on to another was not seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from e2e.looking import looked_at
from e2e.other_views import OTHERS, SEEN_BY, OtherView, other_views
from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.platform.front import build_front
from nrem_shared.runtime.identity.authorisation import SAFE, routes_of
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
    "/intake/periods/{period}/submissions/{member}/versions/{version}/figures": (
        "/intake/periods/2026-Q2/submissions/am/versions/{waiting}/figures"
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
    # Long held: the page says why there is no form any more. The forms are looked at in test_meetings.py.
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

#: Language → the width at which a page is opened, colours and all, and the one to which it is brought then.
WIDTHS = {"lv": (1280, 320), "en": (320, 1280)}

#: Which role opens a page, the first that may; `SEEN_BY` has what others see first.
ROLES = ("coordinator", "member", "operator", "reader")
#: Everybody to whom a page is shown first.
PEOPLE = tuple(sorted({*ROLES, *SEEN_BY.values()}))


@dataclass(frozen=True)
class PageRoute:
    """A route that answers with a page; `role` = who looks at it, null = somebody who is not signed in."""

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
                address = blueprint.base_path + path
                yield PageRoute(address, SEEN_BY.get(address, role))


ALL = [route for route in page_routes() if route.path not in REDIRECTS | DOWNLOADS | WITH_PROVIDER]


def test_every_page_with_a_parameter_has_an_example() -> None:
    named = {route.path for route in ALL if "{" in route.path}
    assert named - set(EXAMPLES) == set()
    assert set(EXAMPLES) <= {route.path for route in ALL}


@pytest.fixture(scope="module")
def pages(browser: Browser, platform: Any) -> Iterator[dict[str | None, Page]]:
    """A browser window per person who looks."""
    with visitors(platform.url, sorted({*PEOPLE, *OTHERS})) as signed_in:
        opened = {}
        for role, client in signed_in.items():
            context = browser.new_context(base_url=platform.url)
            cookies = [(one.name, one.value) for one in client.cookies.jar if one.value]
            context.add_cookies([{"name": name, "value": value, "url": platform.url} for name, value in cookies])
            opened[role] = context.new_page()
        yield opened
        for page in opened.values():
            page.context.close()


@pytest.fixture(scope="module")
def made(platform: Any) -> dict[str, str]:
    """What stands for `{mail}`, `{person}` and `{waiting}` in the examples."""
    with visitors(platform.url, ("coordinator", "member")) as people:
        return examples_made(people, EXAMPLES["/reminders/mailboxes/{address}"])


@pytest.mark.parametrize("route", ALL, ids=lambda route: route.path)
def test_a_page_is_there_fits_and_has_no_barrier(
    pages: dict[str | None, Page], made: dict[str, str], route: PageRoute
) -> None:
    """In both languages, both widths. Colours are looked at once in each language, wide in one, narrow in the other."""
    for language, (width, other) in WIDTHS.items():
        looked_at(pages[route.role], address_of(route.path, made), language, width, other, sent=route.path == AS_SENT)


@pytest.mark.parametrize("view", list(other_views()), ids=str)
def test_a_page_has_no_barrier_to_others_who_see_it(
    pages: dict[str | None, Page], made: dict[str, str], view: OtherView
) -> None:
    """In one language, both widths: which, goes in turn. Colours are those of the pages that others see."""
    address = view.address or address_of(view.path, made)
    looked_at(pages[view.role], address, view.language, view.width, view.other, colours=False)


def address_of(path: str, made: dict[str, str]) -> str:
    """Where the example of a route is."""
    address = EXAMPLES.get(path, path)
    for placeholder, value in made.items():
        address = address.replace(placeholder, value)
    return address
