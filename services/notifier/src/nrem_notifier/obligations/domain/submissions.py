"""QUARTER, REVIEW and RESUBMIT: what submissions, returns and acceptances open and meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.values import Notice, Obligation, Recipient, Surroundings, moves_of, words
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.reminders import MailKind
from nrem_shared.contracts.submissions import (
    SubmissionAccepted,
    SubmissionExtended,
    SubmissionReturned,
    SubmissionStream,
    SubmissionSubmitted,
    SubmissionWithdrawn,
)
from nrem_shared.runtime.clock import local_date

REVIEW_DAYS = 5
RESUBMIT_DAYS = 5


@dataclass(slots=True)
class Version:
    """One version: when it came, and what became of it."""

    number: int
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    outcome: type[SubmissionStream] | None = None
    due: date | None = None
    on_behalf: bool = False


def versions_of(revisions: tuple[Revision, ...]) -> list[Version]:
    """The versions of one stream, in order."""
    versions: dict[int, Version] = {}
    for one in revisions:
        if not isinstance(one.data, SubmissionStream):
            continue
        version = versions.setdefault(one.data.version, Version(one.data.version))
        if isinstance(one.data, SubmissionSubmitted):
            version.submitted_at, version.on_behalf = one.recorded_at, _in_its_place(one.data)
        else:
            version.decided_at, version.outcome = one.recorded_at, type(one.data)
            version.due = one.data.due if isinstance(one.data, SubmissionReturned) else None
    return [versions[number] for number in sorted(versions)]


def obligations(facts: Facts, around: Surroundings) -> Iterator[Obligation]:
    """Who owes a submission, a review, a corrected version."""
    for subject, revisions in facts.of_kind("period"):
        yield from _quarter(facts, around, subject.removeprefix("period/"), revisions)
    for subject, revisions in facts.of_kind("submission"):
        _, period, member = subject.split("/", 2)
        versions = versions_of(revisions)
        illustrative = _illustrative(revisions)
        for place, version in enumerate(versions):
            following = versions[place + 1] if place + 1 < len(versions) else None
            if version.submitted_at is not None:
                yield _review(around, period, member, version, version.submitted_at, following, illustrative)
            if version.outcome is SubmissionReturned and version.decided_at is not None:
                yield _resubmit(around, period, member, version, version.decided_at, following, illustrative)


def _quarter(facts: Facts, around: Surroundings, period: str, revisions: tuple[Revision, ...]) -> Iterator[Obligation]:
    opened = [(one.recorded_at, one.data) for one in revisions if isinstance(one.data, PeriodOpened)]
    if not opened:
        return
    newest = opened[-1][1]
    for member in newest.owes:
        dues = [*((at, data.due) for at, data in opened), *_extended(facts, period, member)]
        met_at, reopened = _submitted(versions_of(facts.streams.get(f"submission/{period}/{member}", ())))
        yield Obligation(
            key=f"QUARTER/{period}/{member}",
            code="QUARTER",
            owner=Recipient(member, "focal_point"),
            title=around.title("QUARTER"),
            detail=quarter_of(around, period, member),
            opened=reopened or first_day(period),
            due=dues[-1][1],
            link=_link(period, member),
            met_at=met_at,
            moves=moves_of(dues),
            illustrative=newest.illustrative,
        )


def _extended(facts: Facts, period: str, member: str) -> list[tuple[datetime, date]]:
    """(since when, until when) the coordinator gave the member more time."""
    revisions = facts.streams.get(f"extension/{period}/{member}", ())
    return [(one.recorded_at, one.data.due) for one in revisions if isinstance(one.data, SubmissionExtended)]


def _submitted(versions: list[Version]) -> tuple[datetime | None, date | None]:
    """(when the first version that was not withdrawn came, else the day since which nothing stands any more)."""
    standing = [v.submitted_at for v in versions if v.outcome is not SubmissionWithdrawn and v.submitted_at]
    withdrawn = [v.decided_at for v in versions if v.outcome is SubmissionWithdrawn and v.decided_at]
    if standing:
        return min(standing), None
    return None, local_date(max(withdrawn)) if withdrawn else None


def _review(
    around: Surroundings,
    period: str,
    member: str,
    version: Version,
    submitted_at: datetime,
    following: Version | None,
    illustrative: bool,
) -> Obligation:
    opened = local_date(submitted_at)
    return Obligation(
        key=f"REVIEW/{period}/{member}/{version.number}",
        code="REVIEW",
        owner=Recipient(around.ministry, "coordinator"),
        title=around.title("REVIEW"),
        detail=_version_of(around, period, member, version.on_behalf),
        opened=opened,
        due=around.window("REVIEW", opened, REVIEW_DAYS),
        link=_link(period, member),
        met_at=version.decided_at or (following.submitted_at if following else None),
        illustrative=illustrative,
    )


def _resubmit(
    around: Surroundings,
    period: str,
    member: str,
    version: Version,
    returned_at: datetime,
    following: Version | None,
    illustrative: bool,
) -> Obligation:
    opened = local_date(returned_at)
    return Obligation(
        key=f"RESUBMIT/{period}/{member}/{version.number}",
        code="RESUBMIT",
        owner=Recipient(member, "focal_point"),
        title=around.title("RESUBMIT"),
        detail=_version_of(around, period, member, version.on_behalf),
        opened=opened,
        due=version.due or around.window("RESUBMIT", opened, RESUBMIT_DAYS),
        link=_link(period, member),
        met_at=following.submitted_at if following else None,
        illustrative=illustrative,
    )


def notices(facts: Facts, around: Surroundings) -> Iterator[Notice]:
    """A receipt for each version that came, a word for each that was accepted.

    A version that the coordinator made of the approved figures of a correction is no news when it comes, and when it
    is accepted the word is another one: something was returned with it.
    """
    for _, revisions in facts.of_kind("submission"):
        sent = {one.data.version: one.data for one in revisions if isinstance(one.data, SubmissionSubmitted)}
        parts = {number for number, data in sent.items() if data.part_of}
        entered = {number for number, data in sent.items() if _in_its_place(sent.get(data.part_of or number))}
        for one in revisions:
            if isinstance(one.data, SubmissionSubmitted) and one.data.version not in parts:
                yield _notice(around, one, one.data, "RECEIPT", "receipt", one.data.version in entered)
            elif isinstance(one.data, SubmissionAccepted):
                kind: MailKind = "accepted_in_part" if one.data.version in parts else "acceptance"
                yield _notice(around, one, one.data, "ACCEPTANCE", kind, one.data.version in entered)


def _in_its_place(data: SubmissionSubmitted | None) -> bool:
    """Whether the coordinator entered a version in the member's place, and did not only approve a part of one."""
    return data is not None and data.entered_by is not None and data.part_of is None


def _notice(
    around: Surroundings, one: Revision, data: SubmissionStream, what: str, kind: MailKind, on_behalf: bool
) -> Notice:
    return Notice(
        key=f"{what}/{data.period}/{data.member}/{data.version}",
        kind=kind,
        recipient=Recipient(data.member, "focal_point"),
        at=one.recorded_at,
        title=around.title("QUARTER"),
        detail=_version_of(around, data.period, data.member, on_behalf),
        link=_link(data.period, data.member),
        day=data.due,
        illustrative=data.illustrative,
    )


def _version_of(around: Surroundings, period: str, member: str, on_behalf: bool) -> LocalizedText:
    """Which quarter of which institution, and whether the coordinator entered it in its place."""
    said = quarter_of(around, period, member)
    if not on_behalf:
        return said
    return words(
        f"{said.lv} (koordinators ievadīja iestādes vietā)",
        f"{said.in_language('en')} (entered by the coordinator on its behalf)",
    )


def _illustrative(revisions: tuple[Revision, ...]) -> bool:
    return any(isinstance(one.data, SubmissionStream) and one.data.illustrative for one in revisions)


def quarter_of(around: Surroundings, period: str, member: str) -> LocalizedText:
    """Which quarter of which institution is meant, in words."""
    year, quarter = period[:4], period[-1]
    name = around.name(member)
    return words(f"{year}. gada {quarter}. ceturksnis, {name}", f"Q{quarter} {year}, {name}")


def _link(period: str, member: str) -> str:
    return f"/intake/periods/{period}/submissions/{member}"


def first_day(period: str) -> date:
    """The first day of a quarter."""
    return date(int(period[:4]), int(period[-1]) * 3 - 2, 1)
