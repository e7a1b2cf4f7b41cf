"""What every page shows around its content, and what an application says about itself once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from starlette.requests import Request

from nrem_shared.web.assets import Assets
from nrem_shared.web.environments import Templates
from nrem_shared.web.languages import LanguageLink, language_links


class Principal(Protocol):
    """Who is signed in, as far as a page shows it; the application puts one into ``request.state.principal``."""

    @property
    def roles(self) -> frozenset[str]:
        """Role codes such as ``focal_point`` or ``coordinator``."""

    @property
    def member(self) -> str | None:
        """Code of the member the person acts for."""

    @property
    def display(self) -> str:
        """Name to show."""


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the navigation over all services; ``label`` is a message id; ``roles`` None means everybody."""

    label: str
    href: str
    roles: frozenset[str] | None = None


#: What needs the reader today: where everybody begins who is signed in.
HOME: Final = "/reminders/today"

_LOOKING_AFTER: Final = frozenset({"coordinator", "secretariat"})
_INSTITUTION: Final = frozenset({"member", "officer", "contributor", "observer"})
_GROUP: Final = _LOOKING_AFTER | _INSTITUTION

#: The working group's year, not our services: in the order in which a quarter passes. Of several entries with one
#: address the first that the reader's roles allow is shown.
NAVIGATION: Final = (
    NavigationItem("navigation.home", HOME, _GROUP | {"operator"}),
    NavigationItem("navigation.submissions", "/intake/", _LOOKING_AFTER),
    NavigationItem("navigation.report", "/intake/", _INSTITUTION - {"observer"}),
    NavigationItem("navigation.figures", "/statistics/"),
    NavigationItem("navigation.plan", "/plan/"),
    NavigationItem("navigation.meetings", "/plan/meetings", _GROUP - {"contributor"}),
    NavigationItem("navigation.reminders", "/reminders/", _LOOKING_AFTER | {"operator"}),
    NavigationItem("navigation.administration", "/intake/administration", frozenset({"coordinator"})),
    NavigationItem("navigation.operations", "/reminders/operations", frozenset({"operator"})),
)

#: Where a demonstration is explained and its clock is moved; in a demonstration everybody has it.
DEMONSTRATION: Final = NavigationItem("navigation.demonstration", "/demonstration")

#: Pages about another place of the navigation than their address says: beginning of the path → entry; empty = none.
_ELSEWHERE: Final = {
    "/plan/readiness": "/plan/meetings",
    "/plan/tasks": "/plan/meetings",
    "/reminders/obligation": HOME,
    "/intake/accessibility": "",
    "/intake/privacy": "",
    "/intake/retention": "",
    "/intake/operations": "/reminders/operations",
    "/statistics/operations": "/reminders/operations",
    "/plan/operations": "/reminders/operations",
}


@dataclass(frozen=True)
class Site:
    """Set once per application in ``app.state.site``. Paths are public ones, as the browser sees them."""

    templates: Templates
    assets: Assets
    navigation: tuple[NavigationItem, ...] = NAVIGATION
    illustrative: bool = False
    version: str = ""
    home: str = "/"
    sign_in: str = "/intake/sign-in"
    sign_out: str = "/intake/session/end"
    account: str = "/intake/account"
    accessibility: str = "/intake/accessibility"
    privacy: str = "/intake/privacy"
    retention: str = "/intake/retention"
    source: str | None = None
    """Address of the source code, for the licence line of the footer."""


@dataclass(frozen=True)
class PageContext:
    """Everything the layout shows; ``page`` in templates."""

    site: Site
    title: str
    language: str
    languages: tuple[LanguageLink, ...]
    path: str
    navigation: tuple[NavigationItem, ...]
    current: str | None
    principal: Principal | None = None
    roles: tuple[str, ...] = ()
    asked: bool = True
    """Whether it was asked who the reader is; not where an address names no page."""
    office: str | None = None
    member: str | Mapping[str, str] | None = None
    illustrative: bool = False
    provisional: bool = False
    stale: bool = False
    clock: datetime | None = None
    form_token: str | None = None
    has_errors: bool = False
    style_sheet: str = field(default="")


def page_context(
    request: Request,
    site: Site,
    language: str,
    *,
    title: str,
    provisional: bool = False,
    stale: bool | None = None,
    current: str | None = None,
    has_errors: bool = False,
) -> PageContext:
    """What the layout needs, from the request. Optional entries of ``request.state`` that are read:

    ``principal`` (an ``office`` that it names is shown in place of its roles); ``member_name`` (text or
    ``{lv, en}``, shown beside the roles); ``clock`` (the demonstration clock's moment); ``stale`` (a projection has
    not yet seen the reader's last change); ``form_token`` (against forged posts, repeated in each form).
    """
    principal: Principal | None = getattr(request.state, "principal", None)
    roles = principal.roles if principal else frozenset[str]()
    clock: datetime | None = getattr(request.state, "clock", None)
    navigation = _offered(site.navigation, roles) + ((DEMONSTRATION,) if clock is not None else ())
    return PageContext(
        site=site,
        title=title,
        language=language,
        languages=language_links(request, language),
        path=request.url.path,
        navigation=navigation,
        current=current or _current(request.url.path, navigation),
        principal=principal,
        roles=tuple(sorted(roles)),
        asked="route" in request.scope,
        office=getattr(principal, "office", None),
        member=getattr(request.state, "member_name", None),
        illustrative=site.illustrative,
        provisional=provisional,
        stale=getattr(request.state, "stale", False) if stale is None else stale,
        clock=clock,
        form_token=getattr(request.state, "form_token", None),
        has_errors=has_errors,
        style_sheet=site.assets.url("nrem.css"),
    )


def _offered(items: tuple[NavigationItem, ...], roles: frozenset[str]) -> tuple[NavigationItem, ...]:
    """What the reader's roles allow, each address once."""
    found: dict[str, NavigationItem] = {}
    for item in items:
        if item.roles is None or item.roles & roles:
            found.setdefault(item.href, item)
    return tuple(found.values())


def _current(path: str, navigation: tuple[NavigationItem, ...]) -> str | None:
    """The navigation entry whose address is the longest beginning of ``path``."""
    path = next((entry for beginning, entry in _ELSEWHERE.items() if path.startswith(beginning)), path)
    matching = [item.href for item in navigation if path == item.href or path.startswith(item.href.rstrip("/") + "/")]
    return max(matching, key=len, default=None)
