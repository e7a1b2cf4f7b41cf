"""A page of plan-tracker: names of institutions, the sections, and what the reader may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nrem_plan_tracker.asking import may_coordinate, own_member, reader, sees_all
from nrem_plan_tracker.sources import store as sources
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import page, translator_of

if TYPE_CHECKING:
    from datetime import date

    from fastapi import Request
    from fastapi.responses import HTMLResponse

    from nrem_plan_tracker.screens.forms import Form
    from nrem_shared.contracts.members import InstitutionRegistered
    from nrem_shared.runtime.database import Connection
    from nrem_shared.web.forms import FieldError

#: Sections of this service: message → path; the second list is for the working group alone.
_PUBLIC = (("section.plan", "/"), ("section.recommendations", "/recommendations"), ("section.deadlines", "/deadlines"))
_GROUP = (("section.meetings", "/meetings"), ("section.tasks", "/tasks"), ("section.outlook", "/outlook"))
_MINISTRY = (("section.readiness", "/readiness"),)


@dataclass(frozen=True)
class Names:
    """Institutions by code; an unknown code is shown as it is."""

    known: Mapping[str, InstitutionRegistered]

    def short(self, code: str) -> str:
        """The abbreviation."""
        return self.known[code].abbreviation if code in self.known else code

    def full(self, code: str) -> LocalizedText:
        """The full name."""
        return self.known[code].name if code in self.known else LocalizedText(lv=code)

    def many(self, codes: Sequence[str]) -> str:
        """Abbreviations, one after the other."""
        return ", ".join(self.short(code) for code in codes)


async def names_of(conn: Connection) -> Names:
    """The names as registered now."""
    return Names(await sources.institutions(conn))


def root_of(request: Request) -> str:
    """Where this service is mounted."""
    return str(request.scope.get("root_path", ""))


def today_of(request: Request) -> date:
    """The day in Riga, by the clock of the platform."""
    return local_date(runtime_of(request).clock.now())


def show(
    request: Request,
    template: str,
    *,
    title: str | Mapping[str, str],
    section: str,
    names: Names,
    title_values: Mapping[str, object] | None = None,
    status: int = 200,
    errors: Sequence[FieldError] = (),
    **items: Any,
) -> HTMLResponse:
    """A page in its section; templates get `names`, `root`, `today` and who reads."""
    sections = [*_PUBLIC[:1]]
    if sees_all(request) or own_member(request):
        sections += _GROUP
    if sees_all(request):
        sections += _MINISTRY
    sections += _PUBLIC[1:]
    return page(
        request,
        f"plan_tracker/{template}",
        title=title,
        title_values=title_values,
        status=status,
        errors=errors,
        root=root_of(request),
        sections=sections,
        section=section,
        names=names,
        today=today_of(request),
        coordinates=may_coordinate(request),
        ministry=sees_all(request),
        own=own_member(request),
        signed_in=reader(request) is not None,
        **items,
    )


async def show_form(
    request: Request,
    form: Form,
    title: str,
    title_values: Mapping[str, object],
    errors: Sequence[FieldError],
    status: int,
    section: str = "section.meetings",
) -> HTMLResponse:
    """A page that is one form, in its section."""
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
    return show(
        request,
        "form.html",
        title=title,
        title_values=title_values,
        section=section,
        names=names,
        status=status,
        errors=[form.named(one, translator_of(request)) for one in errors],
        form=form,
    )
