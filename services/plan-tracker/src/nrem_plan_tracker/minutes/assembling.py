"""Minutes from what was accepted when the meeting began, and what the meeting decided. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nrem_plan_tracker.meetings.domain import Meeting
from nrem_plan_tracker.progress.domain import ResultProgress
from nrem_plan_tracker.submissions.domain import Entry, InForce
from nrem_plan_tracker.tasks.domain import Task
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.meetings import (
    DecisionTaken,
    InstitutionReport,
    MinutedDecision,
    MinutedTask,
    MinutedVerdict,
    MinutesBasis,
    MinutesDocument,
    ReportedItem,
    UsedSubmission,
)


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the minutes of a meeting are made of. `versions` and `entries` are those of the meeting's period, in
    force when it began; `results` the plan's, as it stood then with the verdicts given since."""

    owes: Sequence[str]
    versions: Sequence[InForce]
    entries: Sequence[Entry]
    plan: str | None
    results: Sequence[ResultProgress]
    decisions: Sequence[DecisionTaken]
    tasks: Sequence[Task]


def assemble(meeting: Meeting, material: Material) -> MinutesDocument:
    """The minutes' text; what was accepted later never changes it."""
    used = {one.member: one for one in material.versions}
    return MinutesDocument(
        basis=MinutesBasis(
            period=meeting.about,
            known_at=meeting.starts_at,
            used=tuple(
                UsedSubmission(member=one.member, version=one.version, nothing_to_report=one.nothing_to_report)
                for one in material.versions
            ),
            not_used=tuple(member for member in material.owes if member not in used),
        ),
        attendance=meeting.attendance,
        excused=meeting.excused,
        agenda=meeting.agenda,
        reports=tuple(_reports(used, material.entries)),
        decisions=tuple(MinutedDecision(code=d.code, text=d.text, tasks=d.tasks) for d in material.decisions),
        tasks=tuple(_tasks(meeting, material)),
        verdicts=tuple(_verdicts(meeting, material)),
        status_counts=_counts(material.results),
    )


def _reports(used: Mapping[str, InForce], entries: Sequence[Entry]) -> Iterator[InstitutionReport]:
    for member, version in used.items():
        items = [_item(one) for one in entries if one.member == member]
        yield InstitutionReport(
            member=member,
            nothing_to_report=version.nothing_to_report,
            items=tuple(one for one in items if one is not None),
        )


def _item(entry: Entry) -> ReportedItem | None:
    """What is minuted of an entry; an outcome of a plan announced earlier has no text of its own."""
    item = entry.item
    if entry.section == "activities":
        day = date.fromisoformat(item["date"])
        return ReportedItem(kind=item["type"], code=entry.code, text=_text(item["title"]), day=day)
    if entry.section == "challenges":
        kind = "challenge_ended" if item["state"] == "ended" else "challenge"
        return ReportedItem(kind=kind, code=entry.code, text=_text(item["text"]))
    if item.get("text"):
        return ReportedItem(kind="future_plan", code=entry.code, text=_text(item["text"]))
    return None


def _text(value: Mapping[str, str]) -> LocalizedText:
    return LocalizedText.model_validate(value)


def _tasks(meeting: Meeting, material: Material) -> Iterator[MinutedTask]:
    """Those this meeting dealt with, and all that are still open."""
    dealt_with = {code for decision in material.decisions for code in decision.tasks}
    for task in material.tasks:
        if task.code in dealt_with or task.meeting == meeting.code or task.state == "open":
            yield MinutedTask(code=task.code, owner=task.owner, due=task.due, text=task.text, state=task.state)


def _verdicts(meeting: Meeting, material: Material) -> Iterator[MinutedVerdict]:
    for one in material.results:
        for verdict in one.verdicts:
            if verdict.meeting == meeting.code:
                evidence = verdict.evidence
                yield MinutedVerdict(
                    plan=verdict.plan,
                    result=verdict.result,
                    verdict=verdict.verdict,
                    text=verdict.text,
                    evidence=(evidence.ref or evidence.submission) if evidence else None,
                    self_assessments={member: said.status for member, said in one.assessments.items()},
                    dissents={each.institution: each.text for each in one.dissents if each.meeting == meeting.code},
                )
                break


def _counts(results: Sequence[ResultProgress]) -> dict[str, int]:
    """By the status shown; `not_reported` = nobody said anything, so that the counts add up to the plan."""
    counted = Counter(one.status or "not_reported" for one in results)
    return dict(sorted(counted.items()))
