"""Who has reported, as known on an instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from nrem_statistics.completeness.domain import Completeness, Streams, completeness
from nrem_statistics.observations.domain import DecisionRow, Outcome, VersionRow

DAY = timedelta(days=1)
START = datetime(2026, 4, 1, tzinfo=UTC)


def version(number: int, day: int, late: bool = False, nothing: bool = False) -> VersionRow:
    return VersionRow("vp", number, START + day * DAY, late=late, nothing_to_report=nothing)


def decision(number: int, outcome: Outcome, day: int) -> DecisionRow:
    return DecisionRow("vp", number, outcome, START + day * DAY)


STREAMS = Streams(
    owes=("km", "vp"),
    versions=(version(1, 1, late=True), version(2, 3, nothing=True), version(3, 5), version(4, 7)),
    decisions=(decision(1, "returned", 2), decision(2, "accepted", 4), decision(3, "withdrawn", 6)),
)


def on(day: float, streams: Streams = STREAMS) -> Completeness:
    return completeness(streams, START + day * DAY)


def test_every_state_in_its_time() -> None:
    told = [(one.state, one.version_in_force, one.pending_version) for day in range(8) for one in on(day).members[1:]]
    assert told == [
        ("missing", None, None),
        ("submitted", None, 1),
        ("returned", None, None),
        ("submitted", None, 2),
        ("accepted", 2, None),
        ("accepted", 2, 3),
        ("accepted", 2, None),
        ("accepted", 2, 4),
    ]


def test_what_is_known_stays_known() -> None:
    assert (on(0.5).first_version_late, on(1).first_version_late, on(7).first_version_late) == ((), ("vp",), ("vp",))
    assert (on(1).returned_once, on(2).returned_once, on(7).returned_once) == ((), ("vp",), ("vp",))
    assert on(7).nothing_to_report == ("vp",)
    assert on(7).missing == ("km",)
    assert (on(7).expected, on(7).accepted) == (2, 1)


def test_corrected_means_a_second_accepted_version() -> None:
    again = replace(STREAMS, decisions=(*STREAMS.decisions, decision(4, "accepted", 8)))
    assert (on(7.5, again).corrected, on(8, again).corrected) == ((), ("vp",))
    assert on(8, again).members[1].version_in_force == 4


def test_received_but_not_understood_is_not_missing() -> None:
    told = on(0, replace(STREAMS, not_understood=frozenset({"km"})))
    assert (told.not_understood, told.missing) == (("km",), ("vp",))


def test_an_accepted_version_whose_content_is_not_held_is_not_understood() -> None:
    bare = replace(STREAMS, versions=STREAMS.versions[:1])
    told = on(4, bare)
    assert (told.accepted, told.not_understood, told.members[1].state) == (0, ("vp",), "not_understood")
    waiting = on(5, replace(STREAMS, versions=(STREAMS.versions[0], STREAMS.versions[2])))
    assert (waiting.accepted, waiting.not_understood, waiting.pending) == (0, ("vp",), ("vp",))


def test_a_report_of_somebody_who_does_not_owe_one_is_shown() -> None:
    told = on(4, replace(STREAMS, owes=("km",)))
    assert [(one.member, one.owes, one.state) for one in told.members] == [
        ("km", True, "missing"),
        ("vp", False, "accepted"),
    ]
