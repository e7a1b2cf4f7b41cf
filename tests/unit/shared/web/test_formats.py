from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from nrem_shared.web.formats import Formats
from nrem_shared.web.rendering import build_templates

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def formats() -> dict[str, Formats]:
    templates = build_templates(pseudo=True)
    return {language: templates.formats(language) for language in templates.languages}


def test_long_dates(formats: dict[str, Formats]) -> None:
    day = date(2026, 10, 12)
    assert formats["lv"].date(day) == "2026. gada 12. oktobris"
    assert formats["en"].date(day) == "12 October 2026"
    assert formats["qps"].date(day) == "[!12 October 2026 ~~~~~~!]"


def test_short_dates(formats: dict[str, Formats]) -> None:
    assert formats["lv"].short_date(date(2026, 3, 1)) == "01.03.2026."
    assert formats["en"].short_date(date(2026, 3, 1)) == "1 Mar 2026"


def test_moments_are_shown_in_riga_also_across_midnight(formats: dict[str, Formats]) -> None:
    late = datetime(2026, 10, 31, 22, 30, tzinfo=UTC)
    assert formats["lv"].datetime(late) == "2026. gada 1. novembris plkst. 00:30"
    assert formats["en"].datetime(late) == "1 November 2026 at 00:30"
    assert formats["en"].date(late) == "1 November 2026"
    assert formats["en"].iso(late) == "2026-11-01T00:30:00+02:00"


def test_a_moment_without_a_zone_is_refused(formats: dict[str, Formats]) -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        formats["lv"].datetime(datetime(2026, 10, 12, 9, 0))  # noqa: DTZ001


def test_numbers_and_money(formats: dict[str, Formats]) -> None:
    assert formats["lv"].number(12345.5) == "12\u00a0345,5"
    assert formats["en"].number(12345.5) == "12,345.5"
    assert formats["lv"].money(Decimal("12345.5")) == "12\u00a0345,50\u00a0€"
    assert formats["en"].money(Decimal("12345.5")) == "€12,345.50"
    assert formats["lv"].percent(0.256) == "25,6\u00a0%"
    assert formats["en"].percent(0.256) == "25.6%"


def test_localized_text_and_submitted_text(formats: dict[str, Formats]) -> None:
    assert formats["lv"].localized({"lv": "upuris", "en": "victim"}) == "upuris"
    assert formats["qps"].localized({"lv": "upuris", "en": "victim"}) == "[!victim ~~~!]"
    assert formats["qps"].localized("as submitted") == "as submitted"
