"""MEETING, MINUTES, AMENDMENTS and TASK: what the working group's meetings open and meet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.values import (
    Move,
    Notice,
    Obligation,
    Recipient,
    Surroundings,
    moves_of,
    words,
)
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.meetings import (
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    MeetingStream,
    MinutesCirculated,
    MinutesStream,
    TaskStream,
)
from nrem_shared.runtime.clock import local_date


def obligations(facts: Facts, around: Surroundings) -> Iterator[Obligation]:
    """Meetings to attend, minutes to draft, amendments that may be proposed, tasks."""
    for _, revisions in facts.of_kind("meeting"):
        yield from _attend(around, revisions)
        yield from _draft(facts, around, revisions)
    for _, revisions in facts.of_kind("minutes"):
        yield from _amend(around, revisions)
    for _, revisions in facts.of_kind("task"):
        yield from _task(around, revisions)


def _first(revisions: tuple[Revision, ...], *kinds: type[MeetingStream] | type[MinutesStream]) -> datetime | None:
    return next((one.recorded_at for one in revisions if isinstance(one.data, kinds)), None)


def _attend(around: Surroundings, revisions: tuple[Revision, ...]) -> Iterator[Obligation]:
    states = [(one.recorded_at, one.data) for one in revisions if isinstance(one.data, MeetingStream)]
    if not states:
        return
    newest, began = states[-1][1], states[0][0]
    over = _first(revisions, MeetingHeld, MeetingCancelled)
    if over is not None:
        # A meeting that is recorded as held days later was over when it had begun.
        over = min(over, max(newest.starts_at, began)) if newest.state == "held" else over
    moves = tuple(Move(one.recorded_at, local_date(one.data.starts_at)) for one in revisions
                  if isinstance(one.data, MeetingMoved))  # fmt: skip
    for member in newest.invited:
        yield Obligation(
            key=f"MEETING/{newest.code}/{member}",
            code="MEETING",
            owner=Recipient(member, "focal_point"),
            title=around.title("MEETING"),
            detail=_about(newest),
            opened=local_date(began),
            due=local_date(newest.starts_at),
            link=_link(newest.code),
            met_at=over,
            moves=moves,
            illustrative=newest.illustrative,
        )


def _draft(facts: Facts, around: Surroundings, revisions: tuple[Revision, ...]) -> Iterator[Obligation]:
    for one in revisions:
        if isinstance(one.data, MeetingHeld):
            minutes = facts.streams.get(f"minutes/{one.data.code}", ())
            yield Obligation(
                key=f"MINUTES/{one.data.code}",
                code="MINUTES",
                owner=Recipient(around.ministry, "secretariat"),
                title=around.title("MINUTES"),
                detail=_about(one.data),
                opened=local_date(max(one.data.starts_at, revisions[0].recorded_at)),
                due=one.data.minutes_due,
                link=_link(one.data.code),
                met_at=_first(minutes, MinutesCirculated),
                illustrative=one.data.illustrative,
            )
            return


def _amend(around: Surroundings, revisions: tuple[Revision, ...]) -> Iterator[Obligation]:
    states = [(one.recorded_at, one.data) for one in revisions if isinstance(one.data, MinutesStream)]
    if not states:
        return
    newest = states[-1][1]
    approved = next((at for at, data in states if data.state == "approved"), None)
    moves = moves_of([(at, data.amendments_due) for at, data in states])
    for member in newest.invited:
        yield Obligation(
            key=f"AMENDMENTS/{newest.meeting}/{member}",
            code="AMENDMENTS",
            owner=Recipient(member, "focal_point"),
            title=around.title("AMENDMENTS"),
            detail=_period(newest.about),
            opened=local_date(newest.circulated_at),
            due=newest.amendments_due,
            link=_link(newest.meeting),
            met_at=approved,
            moves=moves,
            illustrative=newest.illustrative,
        )


def _task(around: Surroundings, revisions: tuple[Revision, ...]) -> Iterator[Obligation]:
    states = [(one.recorded_at, one.data) for one in revisions if isinstance(one.data, TaskStream)]
    if not states:
        return
    newest = states[-1][1]
    yield Obligation(
        key=f"TASK/{newest.code}",
        code="TASK",
        owner=Recipient(newest.owner, "focal_point"),
        title=around.title("TASK"),
        detail=words(f"{newest.code}, {newest.text.lv}", f"{newest.code}, {newest.text.en or newest.text.lv}"),
        opened=newest.assigned_on,
        due=newest.due,
        link=f"/plan/tasks#{newest.code}",
        met_at=_closed(states),
        moves=moves_of([(at, data.due) for at, data in states]),
        illustrative=newest.illustrative,
    )


def _closed(states: list[tuple[datetime, TaskStream]]) -> datetime | None:
    """Since when the task has been closed without being opened again."""
    closed: datetime | None = None
    for at, data in states:
        closed = None if data.state == "open" else closed or at
    return closed


def notices(facts: Facts, around: Surroundings) -> Iterator[Notice]:
    """Invitations, cancellations, circulated minutes: one for each institution."""
    for _, revisions in facts.of_kind("meeting"):
        states = [one for one in revisions if isinstance(one.data, MeetingStream)]
        for one in states[:1]:
            if isinstance(one.data, MeetingScheduled) and isinstance(states[-1].data, MeetingStream):
                yield from _to_each(around, "INVITATION", one.recorded_at, states[-1].data)
        for one in states:
            if isinstance(one.data, MeetingCancelled):
                yield from _to_each(around, "CANCELLATION", one.recorded_at, one.data)
    for _, revisions in facts.of_kind("minutes"):
        for one in revisions:
            if isinstance(one.data, MinutesCirculated):
                yield from _circulated(around, one.recorded_at, one.data)


def _to_each(around: Surroundings, what: str, at: datetime, meeting: MeetingStream) -> Iterator[Notice]:
    for member in meeting.invited:
        yield Notice(
            key=f"{what}/{meeting.code}/{member}",
            kind="invitation" if what == "INVITATION" else "cancellation",
            recipient=Recipient(member, "focal_point"),
            at=at,
            title=around.title("MEETING"),
            detail=_about(meeting),
            link=_link(meeting.code),
            day=local_date(meeting.starts_at),
            illustrative=meeting.illustrative,
            meeting=meeting.code,
        )


def _circulated(around: Surroundings, at: datetime, minutes: MinutesStream) -> Iterator[Notice]:
    for member in minutes.invited:
        yield Notice(
            key=f"CIRCULATED/{minutes.meeting}/{member}",
            kind="minutes",
            recipient=Recipient(member, "focal_point"),
            at=at,
            title=around.title("MEETING"),
            detail=_period(minutes.about),
            link=_link(minutes.meeting),
            day=minutes.amendments_due,
            illustrative=minutes.illustrative,
        )


def _about(meeting: MeetingStream) -> LocalizedText:
    return _period(meeting.about)


def _period(period: str) -> LocalizedText:
    return words(f"{period[:4]}. gada {period[-1]}. ceturksnis", f"Q{period[-1]} {period[:4]}")


def _link(meeting: str) -> str:
    return f"/plan/meetings/{meeting}"
