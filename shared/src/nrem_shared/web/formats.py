"""Dates, times and numbers as a reader in Latvia writes them; times are shown in Europe/Riga."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent
from markupsafe import Markup, escape

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.web.languages import ENGLISH, LATVIAN, content_locale
from nrem_shared.web.messages import Translator

RIGA: Final = ZoneInfo("Europe/Riga")
_LOCALES: Final = {LATVIAN: "lv_LV", ENGLISH: "en_GB"}
_LONG_DATE: Final = {LATVIAN: "y. 'gada' d. MMMM", ENGLISH: "d MMMM y"}
_QUARTER: Final = re.compile(r"(\d{4}-Q[1-4])")
_SHORT_DATE: Final = {LATVIAN: "dd.MM.y.", ENGLISH: "d MMM y"}


@dataclass(frozen=True)
class Formats:
    """The template filters of one language. Text that words depend on is bracketed in the pseudo-locale."""

    translator: Translator

    @property
    def language(self) -> str:
        """The language whose formats are used: lv or en."""
        return content_locale(self.translator.language)

    def localized(self, value: LocalizedText | Mapping[str, str] | str) -> str:
        """The text of a ``{lv, en}`` value; a plain string, which was submitted by someone, stays as it is."""
        if isinstance(value, str):
            return value
        if isinstance(value, LocalizedText):
            return self.translator.marked(value.in_language(self.language))
        return self.translator.marked(value[self.language])

    def date(self, value: dt.date) -> str:
        """``2026. gada 12. oktobris`` or ``12 October 2026``; a moment is taken in Riga's time."""
        return self._date(value, _LONG_DATE)

    def short_date(self, value: dt.date) -> str:
        """``12.10.2026.`` or ``12 Oct 2026``, for table cells."""
        return self._date(value, _SHORT_DATE)

    def datetime(self, value: dt.datetime) -> str:
        """The long date, ``plkst.`` or ``at``, and the time in Riga. Raises ValueError for a naive moment."""
        local = _in_riga(value)
        joiner = " plkst. " if self.language == LATVIAN else " at "
        clock = format_time(local, "HH:mm", tzinfo=RIGA, locale=_LOCALES[self.language])
        return self.translator.marked(self._plain_date(local, _LONG_DATE) + joiner + clock)

    def time(self, value: dt.datetime) -> str:
        """The time of day in Riga, ``14:05``."""
        return _in_riga(value).strftime("%H:%M")

    def number(self, value: int | float | Decimal) -> str:
        """``12 345,5`` or ``12,345.5``."""
        return format_decimal(value, locale=_LOCALES[self.language])

    def percent(self, value: float | Decimal) -> str:
        """A share (0.25 is a quarter) as a percentage with at most one decimal."""
        return format_percent(
            value, format="#,##0.#\u00a0%" if self.language == LATVIAN else "#,##0.#%", locale=_LOCALES[self.language]
        )

    def money(self, value: int | float | Decimal, currency: str = "EUR") -> str:
        """An amount with its currency: ``12 345,00 €`` or ``€12,345.00``."""
        return format_currency(value, currency, locale=_LOCALES[self.language])

    def iso(self, value: dt.date) -> str:
        """The machine-readable form for ``<time datetime>`` and date inputs."""
        return _in_riga(value).isoformat(timespec="seconds") if isinstance(value, dt.datetime) else value.isoformat()

    def _date(self, value: dt.date, patterns: Mapping[str, str]) -> str:
        return self.translator.marked(self._plain_date(value, patterns))

    def _plain_date(self, value: dt.date, patterns: Mapping[str, str]) -> str:
        day = _in_riga(value).date() if isinstance(value, dt.datetime) else value
        return format_date(day, patterns[self.language], locale=_LOCALES[self.language])


def _in_riga(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        raise ValueError(f"a moment without a time zone cannot be shown: {value!r}")
    return value.astimezone(RIGA)


def unbroken(text: str) -> Markup:
    """A text in which a quarter such as `2026-Q4` stays on one line."""
    return Markup(_QUARTER.sub(r'<span class="nrem-unbroken">\1</span>', str(escape(text))))  # noqa: S704 – escaped
