"""Completeness of one period as known on an instant: a function of versions, decisions and who owes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from nrem_statistics.answer import Answer
from nrem_statistics.observations.domain import DecisionRow, Outcome, VersionRow, accepted_versions

MemberState = Literal["accepted", "submitted", "returned", "withdrawn", "not_understood", "missing"]


class MemberCompleteness(Answer):
    """How one member stands. A member whose correction waits is still `accepted`: nothing is displaced by it."""

    member: str
    owes: bool = Field(description="Whether the period's opening named the member among those that owe a submission")
    state: MemberState
    version_in_force: int | None = Field(description="The version that counts; null = not reported")
    pending_version: int | None = Field(description="The version that waits for a decision")
    first_submitted_at: datetime | None
    late: bool = Field(description="The first version came after the due date then in force")
    returned_once: bool = Field(description="Some version was returned, corrected since or not")
    nothing_to_report: bool = Field(description="The version in force states that there is nothing to report")
    corrected: bool = Field(description="A later version was accepted after the first accepted one")
    not_understood: bool = Field(description="Something was received for this stream that could not be read")


class Completeness(Answer):
    """Who has reported; every list holds institution codes in alphabetical order."""

    expected: int = Field(description="How many members owe a submission")
    accepted: int = Field(description="How many have a version in force")
    pending: tuple[str, ...] = Field(description="Submitted and waiting, nothing accepted yet")
    returned: tuple[str, ...] = Field(description="Returned and not submitted again, nothing accepted yet")
    withdrawn: tuple[str, ...] = Field(description="Withdrawn before a decision, nothing accepted yet")
    missing: tuple[str, ...] = Field(description="Owes a submission and has sent none")
    not_understood: tuple[str, ...] = Field(
        description="Received but not understood, whatever the instant asked about: nobody knows what it would say"
    )
    first_version_late: tuple[str, ...]
    returned_once: tuple[str, ...]
    nothing_to_report: tuple[str, ...]
    corrected: tuple[str, ...]
    members: tuple[MemberCompleteness, ...]


class PeriodCompleteness(Answer):
    """Completeness of one period, asked by itself."""

    period: str
    due: date
    known_on: datetime
    scope: Literal["group", "member"]
    member: str | None
    illustrative: bool
    submissions: Completeness


@dataclass(frozen=True, slots=True)
class Streams:
    """What is held about the streams of one period."""

    owes: tuple[str, ...]
    versions: tuple[VersionRow, ...]
    decisions: tuple[DecisionRow, ...]
    not_understood: frozenset[str] = frozenset()

    def of(self, member: str) -> Streams:
        """Only what concerns one member."""
        return Streams(
            owes=tuple(code for code in self.owes if code == member),
            versions=tuple(row for row in self.versions if row.member == member),
            decisions=tuple(row for row in self.decisions if row.member == member),
            not_understood=self.not_understood & {member},
        )

    def by_member(self, members: Iterable[str]) -> dict[str, Streams]:
        """The same for each of `members`, gone through once."""
        versions: dict[str, list[VersionRow]] = {}
        decisions: dict[str, list[DecisionRow]] = {}
        for version in self.versions:
            versions.setdefault(version.member, []).append(version)
        for decision in self.decisions:
            decisions.setdefault(decision.member, []).append(decision)
        owes = frozenset(self.owes)
        return {
            member: Streams(
                owes=(member,) if member in owes else (),
                versions=tuple(versions.get(member, ())),
                decisions=tuple(decisions.get(member, ())),
                not_understood=self.not_understood & {member},
            )
            for member in members
        }


def completeness(streams: Streams, known_on: datetime) -> Completeness:
    """Completeness as known on `known_on`."""
    known = Streams(
        owes=streams.owes,
        versions=tuple(row for row in streams.versions if row.submitted_at <= known_on),
        decisions=tuple(row for row in streams.decisions if row.decided_at <= known_on),
        not_understood=streams.not_understood,
    )
    members = {*known.owes, *known.not_understood}
    members.update(row.member for row in known.versions)
    members.update(row.member for row in known.decisions)
    each = known.by_member(members)
    return _summary([_member(member, each[member], known_on) for member in sorted(members)])


def _member(member: str, known: Streams, known_on: datetime) -> MemberCompleteness:
    content = {row.version: row for row in known.versions}
    outcomes = {row.version: row.outcome for row in known.decisions}
    accepted = accepted_versions(known.decisions, known_on).get(member, [])
    in_force = content.get(accepted[-1]) if accepted else None
    newest = max({*content, *outcomes}, default=None)
    unread = bool(known.not_understood or outcomes.keys() - content.keys())
    first = content[min(content)] if content else None
    return MemberCompleteness(
        member=member,
        owes=bool(known.owes),
        state="accepted" if in_force else _without_figures(newest if newest in content else None, outcomes, unread),
        version_in_force=in_force.version if in_force else None,
        pending_version=newest if newest not in outcomes else None,
        first_submitted_at=first.submitted_at if first else None,
        late=bool(first and first.late),
        returned_once="returned" in outcomes.values(),
        nothing_to_report=bool(in_force and in_force.nothing_to_report),
        corrected=len(accepted) > 1,
        not_understood=unread,
    )


def _without_figures(newest: int | None, outcomes: Mapping[int, Outcome], unread: bool) -> MemberState:
    """The state of a member that has no version in force, from its newest version."""
    if newest is None:
        return "not_understood" if unread else "missing"
    match outcomes.get(newest):
        case None:
            return "submitted"
        case "returned":
            return "returned"
        case "withdrawn":
            return "withdrawn"
        case "accepted":
            return "not_understood"


def _summary(members: Sequence[MemberCompleteness]) -> Completeness:
    return Completeness(
        expected=sum(member.owes for member in members),
        accepted=sum(member.state == "accepted" for member in members),
        pending=_codes(members, lambda one: one.state == "submitted"),
        returned=_codes(members, lambda one: one.state == "returned"),
        withdrawn=_codes(members, lambda one: one.state == "withdrawn"),
        missing=_codes(members, lambda one: one.state == "missing"),
        not_understood=_codes(members, lambda one: one.not_understood),
        first_version_late=_codes(members, lambda one: one.late),
        returned_once=_codes(members, lambda one: one.returned_once),
        nothing_to_report=_codes(members, lambda one: one.nothing_to_report),
        corrected=_codes(members, lambda one: one.corrected),
        members=tuple(members),
    )


def _codes(members: Iterable[MemberCompleteness], test: Callable[[MemberCompleteness], bool]) -> tuple[str, ...]:
    return tuple(member.member for member in members if test(member))
