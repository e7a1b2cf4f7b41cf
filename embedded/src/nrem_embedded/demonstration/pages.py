"""The page a visitor starts from: what this is, the clock, roles to step into, what to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from nrem_embedded.demonstration.app import demonstration_of
from nrem_embedded.demonstration.journeys import Journey
from nrem_embedded.demonstration.steps import Step
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.identity import signed_in_before
from nrem_shared.runtime.identity.authorisation import SignInRequired
from nrem_shared.web.languages import content_locale
from nrem_shared.web.rendering import forward, language_of, page, translator_of
from nrem_shared.web.site import DEMONSTRATION, HOME

#: Members whose quarter shows most: the police, an NGO that registers victims, a report that is returned.
SUGGESTED = ("vp", "marta", "tsb")
_NEXT_SHOWN = 3


@dataclass(frozen=True)
class Entry:
    """Something that happened or will happen, for a list."""

    when: datetime
    title: str
    text: str | None = None
    by: str | None = None


def show_visitor(request: Request) -> None:
    """Dependency of the pages: who is signed in, and the demonstration's clock, for the layout."""
    demonstration = demonstration_of(request)
    identity = demonstration.services["intake"].api.state.runtime.identity
    request.state.principal = identity.identify(request)
    request.state.clock = demonstration.now


router = APIRouter(include_in_schema=False, dependencies=[Depends(show_visitor)])


@router.get("/", response_class=HTMLResponse)
async def root(request: Request) -> Response:
    """Home for whoever is signed in; a visitor starts with what this is."""
    if request.state.principal is not None:
        return forward(request, HOME)
    if signed_in_before(request):
        raise SignInRequired
    return await landing(request)


@router.get("/demonstration", response_class=HTMLResponse)
async def landing(request: Request) -> HTMLResponse:
    """What this is, the clock, roles to step into, what to look at."""
    demonstration = demonstration_of(request)
    now, journeys = demonstration.now, demonstration.journeys
    names = {each["code"]: each for each in demonstration.members}
    coming = journeys.player.scenario.steps
    upcoming = [step for step in coming if step.at > now][:_NEXT_SHOWN]
    return page(
        request,
        "embedded/landing.html",
        title="landing.title",
        current=DEMONSTRATION.href,
        now=now,
        upcoming=[Entry(step.at, told(request, step)) for step in upcoming],
        choices=[choice for choice in ("next", "day", "week", "end") if journeys.destination(choice, now)],
        journey=journeys.last,
        happened=_told(request, journeys.last),
        suggested=[(code, names[code]["name"]) for code in SUGGESTED if code in names],
        members=[(each["code"], each["name"][content_locale(language_of(request))]) for each in _alphabetical(request)],
        period=_period(now),
        content=demonstration.content,
    )


def told(request: Request, step: Step) -> str:
    """One step in words."""
    members = {each["code"]: each["abbreviation"] for each in demonstration_of(request).members}
    code = step.member or step.who
    member = members.get(code, code)
    kind = "submit_again" if step.action == "submit" and (step.version or 1) > 1 else step.action
    return translator_of(request)(f"landing.step_{kind}", member=member, period=step.period, subject=step.subject)


def _told(request: Request, journey: Journey | None) -> list[Entry]:
    if journey is None:
        return []
    _ = translator_of(request)
    return [
        Entry(happened.at, told(request, step), _("landing.skipped") if outcome == "skipped" else None)
        for happened in reversed(journey.happened)
        for step, outcome, _why in reversed(happened.steps)
    ]


def _alphabetical(request: Request) -> list[dict[str, dict[str, str]]]:
    language = content_locale(language_of(request))
    return sorted(demonstration_of(request).members, key=lambda each: each["name"][language])


def _period(now: datetime) -> str:
    """The quarter that is being reported: the one that ended last."""
    local = now.astimezone(RIGA)
    quarter = (local.month - 1) // 3
    return f"{local.year}-Q{quarter}" if quarter else f"{local.year - 1}-Q4"
