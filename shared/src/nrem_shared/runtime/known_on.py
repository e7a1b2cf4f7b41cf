"""*As known on*: the instant a reader asks about."""

from __future__ import annotations

import re
from datetime import date, datetime

from nrem_shared.runtime.clock import end_of_day, local_date

_DATE = re.compile(r"^(19|20)\d\d-\d\d-\d\d$")
_INSTANT = re.compile(r"^(19|20)\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$")
_LOST_PLUS = re.compile(r" (?=\d\d:\d\d$)")


class NotAnInstant(ValueError):
    """What was asked is no date and no instant, or lies in the future; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def known_on(asked: str | None, now: datetime) -> datetime:
    """The instant meant by `asked`: a date is its end in Europe/Riga, or now if it is today; nothing is now.

    An instant needs its offset; a `+` that an address turned into a space is understood. Raises NotAnInstant.
    """
    if not asked:
        return now
    try:
        instant = _parsed(asked)
    except ValueError as error:
        raise NotAnInstant("malformed_instant") from error
    if isinstance(instant, datetime):
        if instant > now:
            raise NotAnInstant("future_instant")
        return instant
    if instant > local_date(now):
        raise NotAnInstant("future_instant")
    return min(end_of_day(instant), now)


def _parsed(asked: str) -> datetime | date:
    if _DATE.match(asked):
        return date.fromisoformat(asked)
    mended = _LOST_PLUS.sub("+", asked)
    if not _INSTANT.match(mended):
        raise ValueError(asked)
    return datetime.fromisoformat(mended)
