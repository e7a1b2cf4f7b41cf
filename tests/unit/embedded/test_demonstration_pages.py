"""The demonstration's texts are there in both languages, and its routes are known."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from nrem_embedded.calendar import PlatformCalendar
from nrem_embedded.demonstration.journeys import Journeys
from nrem_embedded.demonstration.pages import _period
from nrem_embedded.demonstration.player import Player
from nrem_embedded.demonstration.scenario import END_OF_QUARTER, END_OF_STORY, READY_AT, Scenario, openings
from nrem_embedded.institutions import Institutions, http_client
from nrem_embedded.platform.front import build_front
from nrem_embedded.project_data import data_folder
from nrem_shared.runtime.identity.authorisation import routes_of
from nrem_shared.web.messages import load_catalogue

PACKAGE = ("nrem_embedded",)


def test_both_languages_have_the_same_messages_with_the_same_parameters() -> None:
    latvian, english = load_catalogue(PACKAGE, "lv"), load_catalogue(PACKAGE, "en")
    assert latvian.identifiers() == english.identifiers()
    for name, text in latvian.texts.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english.texts[name])), name


def test_the_front_serves_its_pages_and_the_demonstration() -> None:
    assert {
        "GET /",
        "GET /demonstration",
        "GET /components/",
        "GET /demonstration/status",
        "GET /demonstration/settled",
        "POST /demonstration/advance",
    } <= routes_of(build_front())


async def test_where_the_buttons_lead() -> None:
    calendar = PlatformCalendar.from_folder(data_folder())
    scenario = Scenario(openings(calendar, "working_group_2025"))
    async with http_client("http://127.0.0.1:1") as nobody:
        journeys = Journeys(Player(Institutions(nobody, {}), scenario, calendar))
        assert journeys.destination("next", READY_AT) == calendar.opening("2027-Q1")
        assert journeys.destination("day", READY_AT) == datetime(2026, 10, 12, 21, tzinfo=UTC)
        assert journeys.destination("end", READY_AT) == END_OF_QUARTER
        assert journeys.destination("end", END_OF_QUARTER) == END_OF_STORY
        assert journeys.destination("end", END_OF_STORY) is None
        assert journeys.destination("next", calendar.opening("2027-Q4")) is None


def test_a_day_on_is_the_same_hour_in_riga_when_summer_time_ends() -> None:
    from datetime import timedelta

    from nrem_embedded.demonstration.journeys import later

    saturday_noon = datetime(2026, 10, 24, 9, tzinfo=UTC)
    assert later(saturday_noon, timedelta(days=1)) == datetime(2026, 10, 25, 10, tzinfo=UTC)


def test_the_quarter_to_look_at_is_the_one_that_ended_last() -> None:
    assert _period(READY_AT) == "2026-Q3"
    assert _period(datetime(2026, 1, 10, tzinfo=UTC)) == "2025-Q4"
