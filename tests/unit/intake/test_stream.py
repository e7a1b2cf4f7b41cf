"""What may happen to a submission, and what may not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from data_catalogue import add_working_days
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import ReasonForReturn, SubmissionReturned, SubmissionSubmitted
from unit.intake.streams import (
    DUE,
    START,
    accepted_with,
    content,
    corrected,
    figures,
    item,
    later,
    new_stream,
    returned,
    row,
)

pytestmark = pytest.mark.unit


def code_of(error: pytest.ExceptionInfo[NotAllowed]) -> str:
    return error.value.code


def found(error: pytest.ExceptionInfo[Unacceptable]) -> list[tuple[str, str]]:
    return [(refusal.pointer, refusal.code) for refusal in error.value.errors]


def test_the_first_version_waits_for_a_decision() -> None:
    stream, event = life.submit(new_stream(), content(row("STATE_POLICE")), START)

    assert isinstance(event, SubmissionSubmitted)
    assert (stream.revision, stream.pending_version, stream.accepted_version) == (1, 1, None)
    assert (event.version, event.kind, event.state, event.late, event.due) == (1, "first", "submitted", False, DUE)
    assert event.first_submitted_at == START


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        (datetime(2026, 7, 15, 20, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 15, 21, 0, 0, tzinfo=UTC), True),
    ],
)
def test_late_is_a_day_in_riga(moment: datetime, late: bool) -> None:
    assert life.submit(new_stream(), content(), moment).event.late is late


def test_a_resubmission_keeps_the_first_time_and_its_lateness() -> None:
    first = life.submit(new_stream(), content(), START).stream
    again = life.submit(returned(first, later()).stream, content(), later(days=20))

    assert again.event.kind == "resubmission"  # type: ignore[attr-defined]
    assert (again.event.version, again.event.first_submitted_at, again.event.late) == (2, START, False)
    assert again.event.due == date(2026, 7, 17)


def test_no_second_version_while_one_waits() -> None:
    stream = life.submit(new_stream(), content(), START).stream
    with pytest.raises(NotAllowed) as error:
        life.submit(stream, content(), later())
    assert code_of(error) == "pending_already"


def test_after_acceptance_only_a_correction_changes_figures() -> None:
    with pytest.raises(NotAllowed) as error:
        life.submit(accepted_with(row("STATE_POLICE")), content(), later(1))
    assert code_of(error) == "accepted_already"


def test_a_decision_is_made_once() -> None:
    stream = accepted_with(row("STATE_POLICE"))
    for command in (life.accept, life.withdraw):
        with pytest.raises(NotAllowed) as error:
            command(stream, 1, later())
        assert code_of(error) == "decided_already"
    with pytest.raises(NotAllowed) as unknown:
        life.accept(stream, 7, later())
    assert code_of(unknown) == "unknown_version"


def test_after_a_withdrawal_the_next_version_has_the_next_number() -> None:
    withdrawn = life.withdraw(life.submit(new_stream(), content(), START).stream, 1, later()).stream
    assert (withdrawn.revision, withdrawn.pending_version, withdrawn.accepted_version) == (2, None, None)

    again = life.submit(withdrawn, content(row("STATE_POLICE")), later(1))
    assert (again.event.version, again.stream.revision) == (2, 3)
    assert again.event.first_submitted_at == START


def test_a_return_names_the_next_due_date_and_the_places() -> None:
    stream = life.submit(new_stream(), content(row("STATE_POLICE")), START).stream
    after, event = returned(stream, datetime(2026, 7, 16, 7, 0, tzinfo=UTC), None, "/observations/0/value", "")

    assert isinstance(event, SubmissionReturned)
    assert event.due == date(2026, 7, 23)
    assert after.versions[0].reasons == event.reasons
    assert (after.pending_version, after.due, event.state) == (None, date(2026, 7, 23), "returned")


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2026, 7, 9), [("/due", "due_in_past")]),
        (date(2026, 7, 18), [("/due", "not_working_day")]),
        (date(2026, 11, 18), [("/due", "not_working_day")]),
    ],
)
def test_a_return_is_due_on_a_working_day_to_come(due: date, expected: list[tuple[str, str]]) -> None:
    stream = life.submit(new_stream(), content(), START).stream
    with pytest.raises(Unacceptable) as error:
        returned(stream, START, due)
    assert found(error) == expected


def test_everything_wrong_with_a_return_is_told_at_once() -> None:
    stream = life.submit(new_stream(), content(row("STATE_POLICE")), START).stream
    wrong = (
        ReasonForReturn(at="/observations/1/value", text=LocalizedText(lv="Nav tādas rindas")),
        ReasonForReturn(at="", text=LocalizedText(lv="Kods 010190-12345")),
    )
    with pytest.raises(Unacceptable) as error:
        life.return_(stream, 1, wrong, START, add_working_days, date(2026, 7, 1))
    assert found(error) == [
        ("/due", "due_in_past"),
        ("/reasons/0/at", "no_such_place"),
        ("/reasons/1/text/lv", "personal_data"),
    ]


def test_a_return_needs_a_reason() -> None:
    stream = life.submit(new_stream(), content(), START).stream
    with pytest.raises(Unacceptable) as error:
        life.return_(stream, 1, (), START, add_working_days)
    assert found(error) == [("/reasons", "reasons_missing")]


def test_a_correction_changes_drops_and_adds_in_a_stable_order() -> None:
    stream = accepted_with(row("SERVICE_PROVIDER", 4), row("SOCIAL_SERVICE", 2), row("STATE_POLICE", 1))
    decided = corrected(
        stream,
        item("ABROAD_SUPPORT", None, 5),
        item("SOCIAL_SERVICE", 2, None),
        item("STATE_POLICE", {"value": 1}, {"value": 3, "comment": "Papildināts"}),
    )
    event = decided.event
    assert isinstance(event, SubmissionSubmitted)
    assert event.kind == "correction"
    assert [(o.dimensions["destination"], o.value) for o in event.content.observations] == [
        ("SERVICE_PROVIDER", 4),
        ("STATE_POLICE", 3),
        ("ABROAD_SUPPORT", 5),
    ]
    assert [(f.old and f.old.value, f.new and f.new.value) for f in event.corrected_figures] == [
        (None, 5),
        (2, None),
        (1, 3),
    ]


def test_a_pending_or_returned_correction_leaves_what_was_accepted() -> None:
    stream = accepted_with(row("STATE_POLICE", 1))
    pending = corrected(stream, item("STATE_POLICE", 1, 2)).stream
    assert (pending.accepted_version, pending.pending_version, figures(pending)) == (1, 2, {"STATE_POLICE": 1})

    back = returned(pending, later()).stream
    assert (back.accepted_version, back.pending_version, figures(back)) == (1, None, {"STATE_POLICE": 1})

    third = corrected(back, item("STATE_POLICE", 1, 3)).stream
    assert figures(life.accept(third, 3, later()).stream) == {"STATE_POLICE": 3}


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (item("STATE_POLICE", 2, 3), [("/items/0/old", "old_differs")]),
        (item("STATE_POLICE", None, 3), [("/items/0/old", "figure_exists")]),
        (item("STATE_POLICE", 1, 1), [("/items/0/new", "same_value")]),
        (item("SOCIAL_SERVICE", 1, 2), [("/items/0/observation", "unknown_figure")]),
        (item("SOCIAL_SERVICE", None, None), [("/items/0/observation", "unknown_figure")]),
        (item("STATE_POLICE", 1, 3, None), [("/items/0/reason", "reason_missing")]),
        (item("STATE_POLICE", 1, 3, {"lv": " "}), [("/items/0/reason/lv", "missing")]),
        (item("STATE_POLICE", 1, 3, {"lv": "32999900000"}), [("/items/0/reason/lv", "personal_data")]),
        (item("STATE_POLICE", 1, -3), [("/items/0/new", "negative")]),
        (item("STATE_POLICE", 1, {"value": "3"}), [("/items/0/new/value", "malformed")]),
        (item("STATE_POLICE", 1, {"value": None}),
         [("/items/0/new/comment", "comment_required"), ("/items/0/new/empty", "missing")]),
        (item("MOON", None, 3), [("/items/0/observation/destination", "unknown_code")]),
        ({"observation": None, "old": None, "new": 1, "reason": {"lv": "x"}},
         [("/items/0/observation", "missing")]),
        ("x", [("/items/0", "malformed")]),
        ({}, [("/items/0/new", "missing"), ("/items/0/observation", "missing"), ("/items/0/old", "missing"),
              ("/items/0/reason", "reason_missing")]),
    ],
)  # fmt: skip
def test_a_correction_that_does_not_fit(wrong: Any, expected: list[tuple[str, str]]) -> None:
    with pytest.raises(Unacceptable) as error:
        corrected(accepted_with(row("STATE_POLICE", 1)), wrong)
    assert found(error) == expected


def test_a_bare_number_keeps_the_comment() -> None:
    stream = accepted_with(row("STATE_POLICE", 1, comment="Pēc žurnāla"))
    event = corrected(stream, item("STATE_POLICE", 1, 2)).event
    assert isinstance(event, SubmissionSubmitted)
    assert event.content.observations[0].comment == "Pēc žurnāla"


def test_a_correction_with_nothing_in_it() -> None:
    with pytest.raises(Unacceptable) as error:
        corrected(accepted_with(row("STATE_POLICE", 1)))
    assert found(error) == [("/items", "items_missing")]


def test_nothing_to_correct_before_acceptance() -> None:
    stream = life.submit(new_stream(), content(row("STATE_POLICE", 1)), START).stream
    with pytest.raises(NotAllowed) as error:
        corrected(stream, item("STATE_POLICE", 1, 2))
    assert code_of(error) == "nothing_accepted"


def test_a_correction_of_the_whole_may_not_fall_below_its_part() -> None:
    figure = {
        "victim_status": "IDENTIFIED", "sex": "F", "age_group": "ADULT", "citizenship": "LV",
        "form_of_exploitation": "LABOUR",
    }  # fmt: skip
    registered = {"indicator": "VICT_REG", "registering_route": "NGO_COMMISSION", **figure}
    submitted = life.submit(
        life.Stream(period="2026-Q2", member="marta", due=DUE),
        content({**registered, "value": 2}, {"indicator": "VICT_BOTH", **figure, "value": 2}),
        START,
    ).stream
    stream = life.accept(submitted, 1, later()).stream
    change = {"observation": registered, "old": 2, "new": 1, "reason": {"lv": "Divreiz"}}
    with pytest.raises(Unacceptable) as error:
        corrected(stream, change)
    assert found(error) == [("/items", "parts_exceed_total")]


def test_what_was_wrong_before_does_not_stop_a_correction() -> None:
    stream = accepted_with(row("STATE_POLICE", 1), row("CLOSED_LONG_AGO", 1))
    after = corrected(stream, item("STATE_POLICE", 1, 2)).stream
    assert after.pending_version == 2


def test_dropping_the_last_figure_leaves_nothing_to_report() -> None:
    event = corrected(accepted_with(row("STATE_POLICE", 1)), item("STATE_POLICE", 1, None)).event
    assert event.nothing_to_report is True
