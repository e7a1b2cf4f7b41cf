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


_SIGNED_IN: Final = frozenset({"member", "coordinator", "secretariat", "operator"})

SERVICE_NAVIGATION: Final = (
    NavigationItem("navigation.intake", "/intake", _SIGNED_IN),
    NavigationItem("navigation.statistics", "/statistics"),
    NavigationItem("navigation.plan", "/plan"),
    NavigationItem("navigation.reminders", "/reminders", _SIGNED_IN),
)


@dataclass(frozen=True)
class Site:
    """Set once per application in ``app.state.site``. Paths are public ones, as the browser sees them."""

    templates: Templates
    assets: Assets
    navigation: tuple[NavigationItem, ...] = SERVICE_NAVIGATION
    illustrative: bool = False
    version: str = ""
    home: str = "/"
    sign_in: str = "/intake/sign-in"
    sign_out: str = "/intake/sign-out"
    accessibility: str = "/accessibility"
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

    ``principal``; ``member_name`` (text or ``{lv, en}``, shown beside the roles); ``clock`` (the
    demonstration clock's moment); ``stale`` (a projection has not yet seen the reader's last change);
    ``form_token`` (against forged posts, repeated in each form).
    """
    principal: Principal | None = getattr(request.state, "principal", None)
    roles = principal.roles if principal else frozenset[str]()
    navigation = tuple(item for item in site.navigation if item.roles is None or item.roles & roles)
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
        member=getattr(request.state, "member_name", None),
        illustrative=site.illustrative,
        provisional=provisional,
        stale=getattr(request.state, "stale", False) if stale is None else stale,
        clock=getattr(request.state, "clock", None),
        form_token=getattr(request.state, "form_token", None),
        has_errors=has_errors,
        style_sheet=site.assets.url("nrem.css"),
    )


def _current(path: str, navigation: tuple[NavigationItem, ...]) -> str | None:
    """The navigation entry whose address is the longest beginning of ``path``."""
    matching = [item.href for item in navigation if path == item.href or path.startswith(item.href.rstrip("/") + "/")]
    return max(matching, key=len, default=None)
