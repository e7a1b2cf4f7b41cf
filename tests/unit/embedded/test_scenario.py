"""The demonstration: everything in the three files happens exactly once, in order, and stops at its clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nrem_embedded.calendar import PlatformCalendar
from nrem_embedded.demonstration.player import stops
from nrem_embedded.demonstration.quarter_files import quarter_paths
from nrem_embedded.demonstration.reference_data import members_of
from nrem_embedded.demonstration.scenario import (
    END_OF_QUARTER,
    END_OF_STORY,
    READY_AT,
    Scenario,
    demonstration_scenario,
)
from nrem_embedded.documents import read_document
from nrem_embedded.project_data import data_folder
from nrem_shared.runtime.clock import DEMONSTRATION_START

GROUP = "working_group_2025"

#: What happens to submissions; the rest belongs to periods, meetings and deadlines.
ABOUT_SUBMISSIONS = ("submit", "correct", "accept", "return")


@pytest.fixture(scope="module")
def calendar() -> PlatformCalendar:
    return PlatformCalendar.from_folder(data_folder())


@pytest.fixture(scope="module")
def scenario(calendar: PlatformCalendar) -> Scenario:
    return demonstration_scenario(data_folder(), calendar, GROUP, "demonstration")


@pytest.fixture(scope="module")
def files() -> list[dict[str, Any]]:
    return [read_document(path).content for path in quarter_paths(data_folder())]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_every_submission_correction_and_decision_is_one_step(scenario: Scenario, files: list[dict[str, Any]]) -> None:
    expected: Counter[tuple[datetime, str, str, str, int]] = Counter()
    for file in files:
        for kind, section in (("submit", "submissions"), ("correct", "corrections")):
            for each in file[section]:
                stream = (each.get("period", file["period"]), each["member"], each["version"])
                expected[(instant(each["submitted_at"]), kind, *stream)] += 1
                if decision := each["decision"]:
                    outcome = {"accepted": "accept", "returned": "return"}[decision["outcome"]]
                    expected[(instant(decision["at"]), outcome, *stream)] += 1
    played = Counter(
        (step.at, step.action, step.period, step.member, step.version)
        for step in scenario.steps
        if step.action in ABOUT_SUBMISSIONS
    )
    assert len(files) == 3
    assert played == expected
    assert set(played.values()) == {1}


def test_steps_are_in_order_and_their_keys_unique(scenario: Scenario) -> None:
    assert [step.order for step in scenario.steps] == sorted(step.order for step in scenario.steps)
    assert len({step.key for step in scenario.steps}) == len(scenario.steps)
    assert all(len(step.key) <= 200 and step.key.isascii() for step in scenario.steps)


def test_a_version_comes_before_its_decision_and_after_the_one_before(scenario: Scenario) -> None:
    seen: dict[tuple[str, str | None], list[tuple[str, int | None]]] = {}
    for step in scenario.steps:
        if step.action in ABOUT_SUBMISSIONS:
            seen.setdefault((step.period, step.member), []).append((step.action, step.version))
    for history in seen.values():
        made = [version for action, version in history if action in ("submit", "correct")]
        assert made == list(range(1, len(made) + 1))
        for action, version in history:
            if action in ("accept", "return"):
                assert history.index((action, version)) > [v for _, v in history].index(version)


def test_content_is_sent_as_it_stands(scenario: Scenario, files: list[dict[str, Any]]) -> None:
    step = next(step for step in scenario.steps if step.key == "demonstration/2026-Q1/lm/1/submit")
    entry = next(each for each in files[0]["submissions"] if each["id"] == "2026-Q1/lm/1")
    assert step.body.items() <= entry.items()
    assert set(entry) - set(step.body) == {"id", "member", "version", "submitted_at", "decision"}
    assert (step.who, step.path) == ("lm", "/intake/api/periods/2026-Q1/submissions/lm")


def test_the_third_quarter_is_cut_at_the_clock(scenario: Scenario) -> None:
    third = [step for step in scenario.steps if step.period == "2026-Q3" and step.action in ABOUT_SUBMISSIONS]
    before = [step for step in third if step.at < READY_AT]
    after = [step for step in third if step.at >= READY_AT]
    assert instant("2026-10-12T00:00:00+03:00") == READY_AT
    assert (len(before), {step.action for step in before}) == (8, {"submit"})
    assert {step.action for step in after} == {"submit", "accept", "return"}
    upcoming = scenario.next_after(READY_AT)
    assert upcoming is not None
    assert (upcoming.member, upcoming.at) == ("iem", instant("2026-10-12T09:00:00+03:00"))
    assert all(step.at < END_OF_QUARTER for step in third)


def test_periods_open_before_anybody_reports(scenario: Scenario) -> None:
    opened = {step.period: step.at for step in scenario.steps if step.action == "open"}
    assert list(opened)[:4] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert "2025-Q4" not in opened
    assert all(at > DEMONSTRATION_START for at in opened.values())
    assert all(step.at > opened[step.period] for step in scenario.steps if step.action in ABOUT_SUBMISSIONS)


def test_only_members_of_the_group_act(scenario: Scenario) -> None:
    group = set(members_of(data_folder(), GROUP))
    assert len(group) == 17
    assert {step.member for step in scenario.steps if step.member} == group
    assert {step.who for step in scenario.steps} == group | {"coordinator"}


def test_the_clock_stops_at_every_step_and_every_planned_instant(
    scenario: Scenario, calendar: PlatformCalendar
) -> None:
    journey = stops(scenario, calendar, READY_AT, END_OF_QUARTER)
    instants = [stop.at for stop in journey]
    assert instants == sorted(set(instants))
    assert instants[-1] == END_OF_QUARTER
    assert {step.at for step in scenario.within(READY_AT, END_OF_QUARTER)} <= set(instants)
    assert set(calendar.planned(READY_AT, END_OF_QUARTER)) == {stop.at for stop in journey if stop.planned}
    assert sum(len(stop.steps) for stop in journey) == len(scenario.within(READY_AT, END_OF_QUARTER))


def test_a_journey_that_was_cut_off_repeats_the_step_it_stood_at(
    scenario: Scenario, calendar: PlatformCalendar
) -> None:
    step = scenario.next_after(READY_AT)
    assert step is not None
    again = stops(scenario, calendar, step.at, step.at + timedelta(minutes=1))
    assert again[0].steps == (step,)


def test_going_nowhere_is_one_stop(scenario: Scenario, calendar: PlatformCalendar) -> None:
    assert [stop.at for stop in stops(scenario, calendar, READY_AT, READY_AT)] == [READY_AT]


def test_an_empty_platform_only_opens_its_quarters(calendar: PlatformCalendar) -> None:
    empty = demonstration_scenario(data_folder(), calendar, GROUP, "empty")
    assert {step.action for step in empty.steps} == {"open"}


def test_meetings_go_their_way_until_the_end_of_the_story(scenario: Scenario) -> None:
    third = [step for step in scenario.steps if step.key.startswith("demonstration/M-2026-Q3/")]
    assert [step.action for step in third] == [
        "call", "hold", "decide", "decide", "decide", "verdict",
        "circulate", "amend", "answer", "amend", "answer", "approve",
    ]  # fmt: skip
    assert third[-1].at < END_OF_STORY
    carried = next(step for step in third if step.subject == "D-2026-07")
    assert carried.body["carries"] == [{"task": "T-2026-03", "due": "2026-12-15"}]
    assert carried.body["tasks"] == []


def test_what_a_meeting_uses_was_accepted_before(scenario: Scenario) -> None:
    order = {step.key: place for place, step in enumerate(scenario.steps)}
    for step in scenario.steps:
        if step.action == "verdict":
            evidence = step.body["evidence"]["submission"]
            assert order[f"demonstration/{evidence}/accept"] < order[step.key]


def test_the_same_file_twice_changes_nothing(scenario: Scenario) -> None:
    assert scenario.together_with(scenario.steps).steps == scenario.steps
