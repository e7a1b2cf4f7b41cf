"""Building blocks for tests of a submission's stream."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from data_catalogue import add_working_days, catalogue
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.correction import correct
from nrem_intake.submissions.domain.stream import Decided, Stream
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import Observation, ReasonForReturn, SubmissionContent

PERIOD = "2026-Q2"
DUE = date(2026, 7, 15)
START = datetime(2026, 7, 10, 8, 0, tzinfo=UTC)
KINDS = ("SERVICE_PROVIDER", "SOCIAL_SERVICE", "STATE_POLICE")


def new_stream() -> Stream:
    return Stream(period=PERIOD, member="vp", due=DUE)


def row(destination: str, value: int | None = 1, **more: Any) -> dict[str, Any]:
    figure = {"indicator": "VICT_REFERRED", "sex": "F", "age_group": "ADULT", "destination": destination}
    return {**figure, "value": value, **more}


def content(*rows: dict[str, Any]) -> SubmissionContent:
    return SubmissionContent(
        observations=tuple(Observation.model_validate(r) for r in rows), nothing_to_report=not rows
    )


def item(destination: str, old: Any, new: Any, reason: Any = ...) -> dict[str, Any]:
    figure = {name: code for name, code in row(destination).items() if name != "value"}
    return {
        "observation": figure,
        "old": old,
        "new": new,
        "reason": {"lv": "Kļūda"} if reason is ... else reason,
    }


def reasons(*places: str) -> tuple[ReasonForReturn, ...]:
    return tuple(ReasonForReturn(at=place, text=LocalizedText(lv="Lūdzu pārbaudīt")) for place in places)


def later(days: int = 0, hours: int = 1) -> datetime:
    return START + timedelta(days=days, hours=hours)


def returned(stream: Stream, now: datetime = START, due: date | None = None, *places: str) -> Decided:
    pending = stream.pending_version or 0
    return life.return_(stream, pending, reasons(*(places or ("",))), now, add_working_days, due)


def corrected(stream: Stream, *items: dict[str, Any], now: datetime = START) -> Decided:
    return correct(stream, list(items), now, catalogue=catalogue(stream.period), before={})


def accepted_with(*rows: dict[str, Any]) -> Stream:
    submitted = life.submit(new_stream(), content(*rows), START).stream
    return life.accept(submitted, 1, later()).stream


def figures(stream: Stream) -> dict[str, int | None]:
    """What counts: destination → value of the accepted version."""
    if stream.accepted_version is None:
        return {}
    found = stream.version(stream.accepted_version).content
    return {o.dimensions["destination"]: o.value for o in found.observations} if found else {}
