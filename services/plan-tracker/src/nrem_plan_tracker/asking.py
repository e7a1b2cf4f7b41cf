"""What the routes ask a request about: as known on when, and whose reports may be shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request

from nrem_plan_tracker.answers import explained
from nrem_plan_tracker.refusals import Refusal
from nrem_shared.runtime.identity.principal import Principal
from nrem_shared.runtime.known_on import NotAnInstant, known_on
from nrem_shared.runtime.requests import runtime_of

AsKnownOn = Annotated[
    str | None,
    Query(
        description="A date (its end in Europe/Riga) or an instant with its offset; not in the future. Left out: now.",
        examples=["2026-08-01", "2026-08-01T12:00:00+03:00"],
        max_length=40,
    ),
]


def reader(request: Request) -> Principal | None:
    """Who reads; null for the public."""
    principal: Principal | None = request.state.principal
    return principal


def sees_all(request: Request) -> bool:
    """Whether everybody's reports may be shown: to the ministry's coordinator and secretariat."""
    principal = reader(request)
    return principal is not None and principal.has("coordinator", "secretariat")


def may_coordinate(request: Request) -> bool:
    """Whether the coordinator's forms are shown."""
    principal = reader(request)
    return principal is not None and principal.has("coordinator")


def own_member(request: Request) -> str | None:
    """The institution the reader acts for; null where it is none."""
    principal = reader(request)
    acts = principal is not None and principal.has("member", "officer", "observer")
    return principal.member if principal is not None and acts else None


def instant_of(request: Request, asked: str | None) -> datetime:
    """The instant asked about; raises the 422 problem that names the parameter."""
    try:
        return known_on(asked, runtime_of(request).clock.now())
    except NotAnInstant as error:
        raise explained(request, [Refusal("query:as_known_on", error.code)]) from error
