"""Questions and answers about submissions: for whom, and which wait for an answer. What was said is not known here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.submissions import quarter_of
from nrem_notifier.obligations.domain.values import Notice, Recipient, Surroundings
from nrem_shared.contracts.discussions import RemarkAnnounced, Side
from nrem_shared.contracts.submissions import SubmissionAccepted, SubmissionReturned, SubmissionSubmitted


@dataclass(frozen=True, slots=True)
class Question:
    """The last word in a thread, which its other side has not answered: `asked_by` said it."""

    period: str
    member: str
    asked_by: Side
    asked_at: datetime
    link: str


def notices(facts: Facts, around: Surroundings) -> Iterator[Notice]:
    """A word for the other side about each remark, once."""
    for _, revisions in facts.of_kind("remark"):
        for one in revisions:
            if isinstance(one.data, RemarkAnnounced):
                yield _notice(around, one.data, one.recorded_at)


def _notice(around: Surroundings, data: RemarkAnnounced, at: datetime) -> Notice:
    asked = data.side == "coordinator"
    return Notice(
        key=f"REMARK/{data.period}/{data.member}/{data.number}",
        kind="remark",
        recipient=Recipient(data.member, "focal_point") if asked else Recipient(around.ministry, "coordinator"),
        at=at,
        title=around.title("QUARTER"),
        detail=quarter_of(around, data.period, data.member),
        link=link_of(data),
        illustrative=data.illustrative,
    )


def link_of(data: RemarkAnnounced) -> str:
    """The page of the thread."""
    here = f"/intake/periods/{data.period}/submissions/{data.member}/versions/{data.version}/discussion"
    return f"{here}?{urlencode({'at': data.at}, safe='/')}" if data.at else here


def questions(facts: Facts) -> list[Question]:
    """What waits for an answer, the oldest first.

    A thread is done with once the other side said something in it, or acted on the submission itself: the member by a
    new version, the coordinator by a decision; and for both once the submission is accepted.
    """
    found = []
    for _, revisions in facts.of_kind("remark"):
        last = {
            one.data.thread: (one.data, one.recorded_at) for one in revisions if isinstance(one.data, RemarkAnnounced)
        }
        for data, at in last.values():
            if not _acted(facts.streams.get(f"submission/{data.period}/{data.member}", ()), data.side, at):
                found.append(Question(data.period, data.member, data.side, at, link_of(data)))
    return sorted(found, key=lambda one: (one.asked_at, one.period, one.member, one.link))


def _acted(revisions: Iterable[Revision], side: Side, since: datetime) -> bool:
    """Whether the side that is asked did something about the submission since, or it is accepted since."""
    answers = SubmissionSubmitted if side == "coordinator" else SubmissionReturned
    return any(one.recorded_at > since and isinstance(one.data, answers | SubmissionAccepted) for one in revisions)
