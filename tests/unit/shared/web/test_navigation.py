"""One navigation over all services: who sees what, in which order, and where one is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from nrem_shared.web.assets import Assets
from nrem_shared.web.environments import build_templates
from nrem_shared.web.site import PageContext, Site, page_context

SITE = Site(build_templates(), Assets())


@dataclass(frozen=True)
class Person:
    roles: frozenset[str]
    member: str | None = "vp"
    display: str = "VP"
    more: dict[str, str] = field(default_factory=dict)


def test_an_office_is_shown_in_place_of_roles() -> None:
    layout = SITE.templates
    held = {}
    for office in ("focal_point", "deputy", None):
        made = replace(context("/", "member"), office=office)
        text = layout.render("en", "nrem/layout.html", {"page": made})
        role = re.search(r'<span class="nrem-header__role">(.*?)</span>', text, re.DOTALL)
        assert role is not None
        held[office] = role[1].strip()
    assert held == {"focal_point": "focal point", "deputy": "deputy", None: ""}


def context(path: str, *roles: str, clock: datetime | None = None) -> PageContext:
    scope = {"type": "http", "path": path, "headers": [], "query_string": b"", "server": ("nrem.test", 80)}
    request = Request({**scope, "scheme": "http", "method": "GET"})
    request.state.principal = Person(frozenset(roles)) if roles else None
    request.state.clock = clock
    return page_context(request, SITE, "en", title="Title")


@pytest.mark.parametrize(
    ("roles", "shown"),
    [
        ((), ["figures", "plan"]),
        (("reader",), ["figures", "plan"]),
        (("member",), ["home", "report", "figures", "plan", "meetings"]),
        (
            ("coordinator",),
            ["home", "submissions", "figures", "plan", "meetings", "reminders", "administration"],
        ),
        (("secretariat",), ["home", "submissions", "figures", "plan", "meetings", "reminders"]),
        (("operator",), ["home", "figures", "plan", "reminders", "operations"]),
        (
            ("member", "coordinator"),
            ["home", "submissions", "figures", "plan", "meetings", "reminders", "administration"],
        ),
    ],
)
def test_everybody_sees_their_own_year(roles: tuple[str, ...], shown: list[str]) -> None:
    assert [item.label.removeprefix("navigation.") for item in context("/", *roles).navigation] == shown


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/reminders/today", "/reminders/today"),
        ("/reminders/obligation", "/reminders/today"),
        ("/reminders/ledger", "/reminders/"),
        ("/intake/periods/2026-Q3/submissions/vp", "/intake/"),
        ("/plan/plans/2025-2027", "/plan/"),
        ("/plan/meetings/M-2026-Q3", "/plan/meetings"),
        ("/plan/readiness", "/plan/meetings"),
        ("/statistics/quarters/2026-Q3", "/statistics/"),
        ("/intake/administration/members", "/intake/administration"),
        ("/demonstration", None),
    ],
)
def test_where_one_is(path: str, current: str | None) -> None:
    assert context(path, "coordinator").current == current


def test_the_demonstration_is_offered_in_a_demonstration_only() -> None:
    clock = datetime(2026, 10, 12, tzinfo=UTC)
    assert context("/", clock=clock).navigation[-1].href == "/demonstration"
    assert context("/demonstration", clock=clock).current == "/demonstration"
    assert all(item.href != "/demonstration" for item in context("/", "coordinator").navigation)
