"""A correction decided figure by figure: what is approved counts, what is not goes back, and no figure gets lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from data_catalogue import add_working_days, catalogue
from nrem_intake.reviewing.domain.partly import Basis, Refused, decide_figures, reasons_of
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.stream import Decided, Stream
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import (
    SubmissionAccepted,
    SubmissionReturned,
    SubmissionSubmitted,
)
from unit.intake.streams import (
    START,
    accepted_with,
    content,
    corrected,
    figures,
    item,
    later,
    new_stream,
    reasons,
    row,
)

WHY = LocalizedText(lv="Žurnālā cits skaitlis")


def decided(stream: Stream, why: Mapping[int, LocalizedText], number: int = 2) -> tuple[Decided, ...]:
    basis = Basis(catalogue(stream.period), {}, add_working_days)
    return decide_figures(stream, number, Refused(why, "IeM/coordinator"), later(), basis)


def pending() -> Stream:
    """Three figures were accepted; a correction changes one, drops one and adds one."""
    stream = accepted_with(row("SERVICE_PROVIDER", 4), row("SOCIAL_SERVICE", 2), row("STATE_POLICE", 1))
    changes = (item("STATE_POLICE", 1, 3), item("SOCIAL_SERVICE", 2, None), item("ABROAD_SUPPORT", None, 5))
    return corrected(stream, *changes).stream


def errors(call: Any) -> list[tuple[str, str]]:
    with pytest.raises(Unacceptable) as raised:
        call()
    return [(one.pointer, one.code) for one in raised.value.errors]


def test_what_is_approved_counts_at_once_and_the_rest_stays_as_it_was() -> None:
    returned, part, accepted = decided(pending(), {0: WHY})
    assert figures(accepted.stream) == {"SERVICE_PROVIDER": 4, "STATE_POLICE": 1, "ABROAD_SUPPORT": 5}
    assert [(v.number, v.state) for v in accepted.stream.versions] == [
        (1, "accepted"),
        (2, "returned"),
        (3, "accepted"),
    ]
    assert [each.stream.revision for each in (returned, part, accepted)] == [4, 5, 6]
    assert isinstance(returned.event, SubmissionReturned)
    assert [(one.at, one.text) for one in returned.event.reasons] == [("/observations/1", WHY)]
    days = {returned.event.due, accepted.event.due, returned.stream.due, accepted.stream.due, pending().due}
    assert (days, accepted.stream.versions[1].due) == ({pending().due}, None)  # nothing is owed after it
    assert isinstance(accepted.event, SubmissionAccepted)
    assert (accepted.event.accepted_version, accepted.event.pending_version) == (3, None)


def test_the_part_names_its_correction_and_who_approved_it() -> None:
    _, part, _ = decided(pending(), {0: WHY})
    assert isinstance(part.event, SubmissionSubmitted)
    assert (part.event.kind, part.event.part_of, part.event.entered_by) == ("correction", 2, "IeM/coordinator")
    assert [one.dimensions["destination"] for one in part.event.corrected_figures] == [
        "SOCIAL_SERVICE",
        "ABROAD_SUPPORT",
    ]
    assert part.event.on_behalf is not None
    assert "2 of 3" in str(part.event.on_behalf.en)


def test_a_dropped_figure_that_is_not_approved_stands_again() -> None:
    returned, _, accepted = decided(pending(), {1: WHY})
    assert figures(accepted.stream)["SOCIAL_SERVICE"] == 2
    assert isinstance(returned.event, SubmissionReturned)
    assert [one.at for one in returned.event.reasons] == [""]  # it has no place in the correction's content


def test_the_member_may_correct_again_what_was_returned() -> None:
    after = decided(pending(), {0: WHY})[-1].stream
    again = corrected(after, item("STATE_POLICE", 1, 2)).stream
    assert figures(life.accept(again, 4, later(1)).stream)["STATE_POLICE"] == 2


def test_the_same_decision_for_all_is_another_command() -> None:
    assert errors(lambda: decided(pending(), {})) == [("/returned", "reasons_missing")]
    assert errors(lambda: decided(pending(), dict.fromkeys(range(3), WHY))) == [("/returned", "nothing_approved")]
    assert errors(lambda: decided(pending(), {7: WHY})) == [("/returned/7", "no_such_figure")]


def test_only_a_correction_that_waits_has_figures_to_decide() -> None:
    first = life.submit(new_stream(), content(row("STATE_POLICE")), START).stream
    for stream, number, code in ((first, 1, "not_a_correction"), (pending(), 5, "unknown_version")):
        with pytest.raises(NotAllowed) as raised:
            decided(stream, {0: WHY}, number)
        assert raised.value.code == code
    with pytest.raises(NotAllowed) as twice:
        decided(decided(pending(), {0: WHY})[-1].stream, {0: WHY})
    assert twice.value.code == "decided_already"


def test_personal_data_in_a_reason_is_told_at_its_figure() -> None:
    personal = LocalizedText(lv="32999900000")
    assert errors(lambda: decided(pending(), {2: personal})) == [("/returned/2", "personal_data")]


def test_figures_that_belong_together_are_not_torn_apart() -> None:
    both = {"victim_status": "IDENTIFIED", "sex": "F", "age_group": "ADULT", "citizenship": "LV"}
    form = {"form_of_exploitation": "LABOUR"}
    whole = {"indicator": "VICT_REG", "registering_route": "NGO", **both, **form}
    overlap = {"indicator": "VICT_BOTH", **both, **form}
    stream = Stream(period="2026-Q2", member="marta", due=new_stream().due)
    stream = life.submit(stream, content({**whole, "value": 2}, {**overlap, "value": 2}), START).stream
    stream = life.accept(stream, 1, later()).stream
    reason = {"lv": "Papildināts"}
    changes = (
        {"observation": whole, "old": 2, "new": 4, "reason": reason},
        {"observation": overlap, "old": 2, "new": 3, "reason": reason},
    )
    stream = corrected(stream, *changes).stream
    assert [at for at, _ in errors(lambda: decided(stream, {0: WHY}))] == ["/approved/1"]
    assert decided(stream, {1: WHY})[-1].stream.accepted_version == 3  # the whole without its part is possible


def test_each_figure_shows_its_own_reason() -> None:
    version = pending().versions[1]
    rows = version.content.observations if version.content else ()
    returned, _, _ = decided(pending(), {0: WHY, 1: LocalizedText(lv="Nav izdzēšams")})
    assert isinstance(returned.event, SubmissionReturned)
    corrected_figures = enumerate(version.corrected_figures)
    told = [reasons_of(place, figure, rows, returned.event.reasons) for place, figure in corrected_figures]
    assert [[one.text.lv for one in each] for each in told] == [["Žurnālā cits skaitlis"], ["Nav izdzēšams"], []]
    for_all = life.return_(pending(), 2, reasons("", "/observations/1/value"), later(), add_working_days).event
    assert isinstance(for_all, SubmissionReturned)
    whole = [len(reasons_of(n, figure, rows, for_all.reasons)) for n, figure in enumerate(version.corrected_figures)]
    assert whole == [2, 1, 1]
