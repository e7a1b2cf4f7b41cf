"""What needs the reader today, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from nrem_notifier.obligations.domain.discussions import Question
from nrem_notifier.obligations.domain.values import Obligation
from nrem_notifier.today.domain import Meeting, MoreTime
from nrem_notifier.today.reading import Day, read_day
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.identity.authorisation import current_principal

router = APIRouter(tags=["today"])


class Owed(BaseModel):
    """One obligation; `overdue` = its due date is over. `link` is a path of the platform."""

    key: str
    code: str
    institution: str
    title: LocalizedText
    detail: LocalizedText
    due: date
    overdue: bool
    link: str
    illustrative: bool


class MeetingAhead(BaseModel):
    """A meeting to come."""

    code: str
    about: str
    starts_at: datetime
    invited: int
    link: str


class QuestionOpen(BaseModel):
    """Something was asked or answered about a submission, and the reader's side has not answered."""

    period: str
    member: str
    asked_at: datetime
    link: str


class TimeAsked(BaseModel):
    """Time that a member asked for, was given or refused."""

    period: str
    member: str
    state: str
    until: date
    reason: LocalizedText
    link: str


class MemberToday(BaseModel):
    """What needs a member; `later` = what is due later, `signatures` = what its authorised officer has to sign."""

    signatures: list[Owed]
    returned: list[Owed]
    reports: list[Owed]
    amendments: list[Owed]
    tasks: list[Owed]
    others: list[Owed]
    meetings: list[MeetingAhead]
    more_time: list[TimeAsked]
    questions: list[QuestionOpen]
    later: list[Owed]


class CoordinatorToday(BaseModel):
    """What needs the coordinator."""

    asked: list[TimeAsked]
    questions: list[QuestionOpen]
    review: list[Owed]
    missing: list[Owed]
    returned: list[Owed]
    expected: list[Owed]
    late: list[str] = Field(description="Who reported late for the period that was due last")
    tasks: list[Owed]
    own: list[Owed]
    meeting: MeetingAhead | None


class SendingToday(BaseModel):
    """How the mails fare; `held` is empty or why nothing is sent."""

    held: str
    backlog: int
    undelivered: int
    without_recipient: int


class SignOfLife(BaseModel):
    """When a service was last heard of (real time)."""

    service: str
    heard_at: datetime | None
    silent: bool


class Today(BaseModel):
    """Parts that are not the reader's are null."""

    day: date
    member: MemberToday | None
    coordinator: CoordinatorToday | None
    sending: SendingToday | None
    services: list[SignOfLife] | None


@router.get("/api/today", summary="What needs me today")
async def today(request: Request) -> Today:
    """For a member what it owes; for the coordinator what waits and what is missing; for an operator how it runs."""
    day = await read_day(request, current_principal(request))
    return Today(
        day=day.today,
        member=_member(day),
        coordinator=_coordinator(day),
        sending=SendingToday(
            held=day.sending.held.closed,
            backlog=day.sending.backlog,
            undelivered=day.sending.undelivered,
            without_recipient=day.sending.without_recipient,
        )
        if day.sending
        else None,
        services=[SignOfLife(service=one.service, heard_at=one.heard_at, silent=one.silent) for one in day.signs]
        if day.signs is not None
        else None,
    )


def _member(day: Day) -> MemberToday | None:
    if (mine := day.member) is None:
        return None
    return MemberToday(
        **{
            name: _owed(getattr(mine, name), day.today)
            for name in ("signatures", "returned", "reports", "amendments", "tasks", "others", "later")
        },
        meetings=[_meeting(one) for one in mine.meetings],
        more_time=[_asked(one) for one in mine.more_time],
        questions=[_question(one) for one in mine.questions],
    )


def _coordinator(day: Day) -> CoordinatorToday | None:
    if (all_ := day.coordinator) is None:
        return None
    return CoordinatorToday(
        asked=[_asked(one) for one in all_.asked],
        questions=[_question(one) for one in all_.questions],
        **{
            name: _owed(getattr(all_, name), day.today)
            for name in ("review", "missing", "returned", "expected", "tasks", "own")
        },
        late=list(all_.late.members) if all_.late else [],
        meeting=_meeting(all_.meeting) if all_.meeting else None,
    )


def _owed(obligations: Iterable[Obligation], today: date) -> list[Owed]:
    return [
        Owed(
            institution=one.owner.institution,
            overdue=one.due < today,
            **{name: getattr(one, name) for name in ("key", "code", "title", "detail", "due", "link", "illustrative")},
        )
        for one in obligations
    ]


def _meeting(one: Meeting) -> MeetingAhead:
    return MeetingAhead(code=one.code, about=one.about, starts_at=one.starts_at, invited=one.invited, link=one.link)


def _question(one: Question) -> QuestionOpen:
    return QuestionOpen(period=one.period, member=one.member, asked_at=one.asked_at, link=one.link)


def _asked(one: MoreTime) -> TimeAsked:
    return TimeAsked(
        period=one.period, member=one.member, state=one.state, until=one.until, reason=one.reason, link=one.link
    )
