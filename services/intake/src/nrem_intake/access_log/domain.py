"""What is written down: reading another institution's things, and taking many out at once. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nrem_shared.runtime.identity.principal import Principal

What = Literal["read", "export"]

#: Routes that take out more than one page shows, or a file; one's own too.
EXPORTS = frozenset(
    {
        "/api/administration",
        "/api/submissions",
        "/api/corrections",
        "/api/evidence/{id}",
        "/api/workbooks/history",
        "/corrections/download",
        "/access-log/download",
        "/administration/export",
        "/periods/{period}/submissions/{member}/workbook.xlsx",
    }
)

#: Routes that show things of several institutions.
OF_MANY = frozenset({"/queue", "/queue/accept", "/corrections", "/api/redactions", "/api/periods/{period}/extensions"})

#: Routes that show what is kept of one institution, its people and addresses among it; `code` names it.
OF_ONE = frozenset(
    {
        "/administration/members/{code}",
        "/administration/members/{code}/change",
        "/administration/members/{code}/contacts/{role}",
        "/api/members/{code}/contacts",
        "/api/members/{code}/keys",
    }
)

_STREAM = r"(?:/api)?/periods/(?P<period>[^/]+)/submissions/(?P<member>[^/]+)"

#: What an address shows: message `access_log.page_<name>`; the first that fits.
_PAGES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("review", rf"{_STREAM}/versions/[^/]+/(?:review|return|figures)$"),
        ("discussion", rf"{_STREAM}(?:/versions/[^/]+)?/discussion$"),
        ("redaction", rf"{_STREAM}(?:/versions/[^/]+/redact|/let-pass)$"),
        ("form", rf"{_STREAM}/report(?:/.*)?$"),
        ("extension", rf"{_STREAM}/(?:ask-)?extension$"),
        ("workbook", rf"{_STREAM}/workbook(?:\.xlsx)?$"),
        ("evidence", rf"{_STREAM}/evidence$"),
        ("evidence", r"/api/periods/(?P<period>[^/]+)/evidence/(?P<member>[^/]+)$"),
        ("submission", rf"{_STREAM}(?:/.*)?$"),
        ("file", r"/api/evidence/[^/]+$"),
        ("extensions", r"/api/periods/(?P<period>[^/]+)/extensions$"),
        ("queue", r"/queue(?:/accept)?$"),
        ("corrections", r"(?:/api)?/corrections(?:/download)?$"),
        ("submissions", r"/api/submissions$"),
        ("contacts", r"(?:/api|/administration)/members/(?P<member>[^/]+)/contacts(?:/[^/]+)?$"),
        ("keys", r"/api/members/(?P<member>[^/]+)/keys$"),
        ("member", r"/administration/members/(?P<member>[^/]+)(?:/change)?$"),
        ("administration", r"/(?:api/administration|administration/export)$"),
        ("history", r"/api/workbooks/history$"),
        ("redactions", r"/api/redactions$"),
        ("log", r"/access-log/download$"),
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """What an address shows, and of which institution and quarter where it names them; `page` = other: unknown."""

    page: str
    member: str | None = None
    period: str | None = None


def noted(principal: Principal | None, route: str, parameters: Mapping[str, object]) -> What | None:
    """Whether an answered GET is written down, and as what; reading what is one's own institution's is not."""
    if principal is None:
        return None
    if route in EXPORTS:
        return "export"
    if route in OF_MANY:
        return "read"
    of = parameters.get("code") if route in OF_ONE else parameters.get("member")
    return "read" if of is not None and of != principal.member else None


def place_of(about: str) -> Place:
    """An address that was written down, to be said in words; its query tells the quarter where the path does not."""
    path, _, query = about.partition("?")
    asked = next(iter(parse_qs(query).get("period", ())), None)
    for page, pattern in _PAGES:
        if found := pattern.match(path):
            told = found.groupdict()
            return Place(page, told.get("member"), told.get("period") or asked)
    return Place("other", None, asked)


def manner_of(actor: str) -> Literal["key", "demonstration", "person"]:
    """How somebody was signed in: with an institution's key, in a role of the demonstration, or as themselves."""
    if "key:" in actor:
        return "key"
    return "demonstration" if actor.startswith("demonstration:") else "person"
