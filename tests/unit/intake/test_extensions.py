"""More time for a first submission: when it may be given, asked for and refused, and what it makes of lateness."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from nrem_intake.extensions.domain import Extension, Terms, ask, extend, refuse
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import ExtensionAsked, ExtensionRefused, SubmissionExtended
from unit.intake.streams import DUE, PERIOD, START, content, new_stream, returned

TODAY = date(2026, 7, 10)
LATER = DUE + timedelta(days=5)
REASON = LocalizedText(lv="Reģistra dati būs vēlāk")


def terms(stream: life.Stream | None = None, *, owed: bool = True, closed: bool = False, **extension: Any) -> Terms:
    return Terms(stream or new_stream(), owed, closed, Extension(PERIOD, "vp", **extension))


def submitted(stream: life.Stream, now: datetime = START) -> life.Stream:
    return life.submit(stream, content(), now).stream


def codes(error: Unacceptable) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in error.errors]


def test_the_coordinator_gives_time() -> None:
    after, event = extend(terms(), LATER, REASON, TODAY)
    assert (after.revision, after.subject) == (1, f"extension/{PERIOD}/vp")
    assert event == SubmissionExtended(period=PERIOD, member="vp", due=LATER, due_before=DUE, reason=REASON)


def test_late_goes_by_the_due_date_then_in_force() -> None:
    the_day_after = datetime(2026, 7, 16, 8, tzinfo=START.tzinfo)
    assert submitted(new_stream(), the_day_after).late
    given, _ = extend(terms(), LATER, REASON, TODAY)
    assert given.given
    longer = replace(new_stream(), due=given.given.until)
    assert not submitted(longer, the_day_after).late
    assert submitted(longer, the_day_after + timedelta(days=5)).late


@pytest.mark.parametrize(
    ("day", "today", "code"),
    [
        (DUE, TODAY, "extension_not_later"),
        (DUE - timedelta(days=1), TODAY, "extension_not_later"),
        (TODAY - timedelta(days=1), TODAY, "extension_in_past"),
        (LATER, LATER + timedelta(days=1), "extension_in_past"),
    ],
)
def test_days_that_are_refused(day: date, today: date, code: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        extend(terms(), day, REASON, today)
    assert codes(refused.value) == [("/due", code)]
    with pytest.raises(Unacceptable) as asked:
        ask(terms(), day, REASON, today)
    assert codes(asked.value) == [("/until", code)]


def test_the_last_day_itself_may_be_given_on_that_day() -> None:
    assert extend(terms(), LATER, REASON, LATER).event.due == LATER


def test_everything_wrong_is_told_at_once_and_no_personal_code_is_taken() -> None:
    with pytest.raises(Unacceptable) as refused:
        extend(terms(), DUE, LocalizedText(lv="Slimo 010190-12345"), TODAY)
    assert codes(refused.value) == [("/due", "extension_not_later"), ("/reason/lv", "personal_data")]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (terms(owed=False), "not_owed"),
        (terms(closed=True), "period_closed"),
        (terms(submitted(new_stream())), "reported_already"),
        (terms(returned(submitted(new_stream())).stream), "reported_already"),
    ],
)
def test_nobody_gets_time_for_what_is_not_to_be_done(given: Terms, code: str) -> None:
    for command in (extend, ask):
        with pytest.raises(NotAllowed) as refused:
            command(given, LATER, REASON, TODAY)
        assert refused.value.code == code


def test_what_was_withdrawn_is_owed_again_and_may_be_extended() -> None:
    withdrawn = life.withdraw(submitted(new_stream()), 1, START).stream
    assert not withdrawn.reported
    assert extend(terms(withdrawn), LATER, REASON, TODAY).event.due == LATER


def test_a_second_extension_is_later_than_the_first() -> None:
    stream = replace(new_stream(), due=LATER)
    with pytest.raises(Unacceptable):
        extend(terms(stream, revision=1), LATER, REASON, TODAY)
    event = extend(terms(stream, revision=1), LATER + timedelta(days=1), REASON, TODAY).event
    assert isinstance(event, SubmissionExtended)
    assert event.due_before == LATER


def test_asked_given_and_refused() -> None:
    asked, event = ask(terms(), LATER, REASON, TODAY)
    assert isinstance(event, ExtensionAsked)
    assert (event.due, event.until) == (DUE, LATER)
    waiting = Terms(new_stream(), True, False, asked)
    assert extend(waiting, LATER + timedelta(days=1), REASON, TODAY).extension.asked is None
    no, event = refuse(waiting, LocalizedText(lv="Sanāksme ir jau nākamnedēļ"))
    assert isinstance(event, ExtensionRefused)
    assert (no.asked, no.revision, event.until) == (None, 2, LATER)
    assert no.refused
    with pytest.raises(NotAllowed) as refused:
        refuse(Terms(new_stream(), True, False, no), REASON)
    assert refused.value.code == "nothing_asked"
