"""What the routes of this service ask a request about: whose figures, as known on when."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from fastapi import Query, Request

from nrem_shared.contracts.base import PERIOD_PATTERN
from nrem_shared.runtime.database import Connection
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.known_on import NotAnInstant, known_on
from nrem_shared.runtime.problems import FieldError, Problem
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import translator_of
from nrem_statistics.sources import store as sources
from nrem_statistics.sources.store import PeriodRow

_PERIOD = re.compile(PERIOD_PATTERN.removesuffix("$") + r"\Z")

AsKnownOn = Annotated[
    str | None,
    Query(
        description="A date (its end in Europe/Riga) or an instant with its offset; not in the future. Left out: now.",
        examples=["2026-08-01", "2026-08-01T12:00:00+03:00"],
        max_length=40,
    ),
]


def whole_group(request: Request) -> bool:
    """Whether the reader may see everybody's figures: the ministry's coordinator and secretariat."""
    return current_principal(request).has("coordinator", "secretariat")


def scope_of(request: Request) -> str | None:
    """The member whose figures alone may be shown; null = the whole group's. Raises Problem for nobody's."""
    if whole_group(request):
        return None
    member = current_principal(request).member
    if member is None:
        raise Problem.forbidden(translator_of(request)("statistics.no_member"))
    return member


def instant_of(request: Request, asked: str | None) -> datetime:
    """The instant asked about; raises the 422 problem that names the parameter."""
    try:
        return known_on(asked, runtime_of(request).clock.now())
    except NotAnInstant as error:
        _ = translator_of(request)
        what = FieldError("query:as_known_on", error.code, _(f"refusal.{error.code}"), _(f"refusal_hint.{error.code}"))
        raise Problem.invalid([what], _("statistics.as_known_on_invalid"), what.detail) from error


async def open_period(request: Request, conn: Connection, code: str) -> PeriodRow:
    """A period that has opened; raises the 404 problem for any other code."""
    row = await sources.period(conn, code) if _PERIOD.match(code) else None
    if row is None:
        raise no_such_period(request, code)
    return row


def no_such_period(request: Request, period: str) -> Problem:
    """The 404 for a period that never opened."""
    return Problem.not_found(translator_of(request)("statistics.no_such_period", period=period[:20]))
