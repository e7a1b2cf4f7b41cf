"""Every event type: its model, the service that decides it and the topic it is sent to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nrem_shared.contracts import (
    discussions,
    history,
    meetings,
    members,
    operations,
    periods,
    plans,
    reference,
    releases,
    reminders,
    submissions,
    topics,
)
from nrem_shared.contracts.base import Contract

_TYPE = re.compile(r"^(nrem\.[a-z-]+\.[a-z-]+)\.v(\d+)$")


@dataclass(frozen=True, slots=True)
class EventType:
    """One row of the registry; `topic` null = kept in the journal, of no interest to other services."""

    name: str
    model: type[Contract]
    service: str
    topic: str | None


def _table(*rows: tuple[str, type[Contract], str, str | None]) -> dict[str, EventType]:
    return {row[0]: EventType(*row) for row in rows}


EVENT_TYPES: dict[str, EventType] = _table(
    ("nrem.institution.registered.v1", members.InstitutionRegistered, "intake", topics.MEMBERS),
    ("nrem.signing-key.published.v1", members.SigningKeyPublished, "intake", topics.MEMBERS),
    ("nrem.institution-key.issued.v1", members.InstitutionKeyIssued, "intake", topics.MEMBERS),
    ("nrem.access.revoked.v1", members.AccessRevoked, "intake", topics.MEMBERS),
    ("nrem.contact.changed.v1", members.ContactChanged, "intake", topics.CONTACTS),
    ("nrem.contributor.changed.v1", members.ContributorChanged, "intake", None),
    ("nrem.period.opened.v1", periods.PeriodOpened, "intake", topics.PERIODS),
    ("nrem.period.closed.v1", periods.PeriodClosed, "intake", topics.PERIODS),
    ("nrem.reference.changed.v1", reference.ReferenceChanged, "intake", topics.REFERENCE),
    ("nrem.submission.submitted.v1", submissions.SubmissionSubmitted, "intake", topics.SUBMISSIONS),
    ("nrem.submission.returned.v1", submissions.SubmissionReturned, "intake", topics.SUBMISSIONS),
    ("nrem.submission.accepted.v1", submissions.SubmissionAccepted, "intake", topics.SUBMISSIONS),
    ("nrem.submission.withdrawn.v1", submissions.SubmissionWithdrawn, "intake", topics.SUBMISSIONS),
    ("nrem.submission.extension-asked.v1", submissions.ExtensionAsked, "intake", topics.SUBMISSIONS),
    ("nrem.submission.extended.v1", submissions.SubmissionExtended, "intake", topics.SUBMISSIONS),
    ("nrem.submission.extension-refused.v1", submissions.ExtensionRefused, "intake", topics.SUBMISSIONS),
    ("nrem.signature.awaited.v1", submissions.SignatureAwaited, "intake", topics.SUBMISSIONS),
    ("nrem.signature.settled.v1", submissions.SignatureSettled, "intake", topics.SUBMISSIONS),
    ("nrem.remark.made.v1", discussions.RemarkMade, "intake", None),
    ("nrem.remark.announced.v1", discussions.RemarkAnnounced, "intake", topics.SUBMISSIONS),
    ("nrem.clock.advanced.v1", operations.ClockAdvanced, "intake", topics.CLOCK),
    ("nrem.history.recorded.v1", history.HistoryRecorded, "statistics", None),
    ("nrem.figures.released.v1", releases.FiguresReleased, "statistics", topics.RELEASES),
    ("nrem.plan.adopted.v1", plans.PlanAdopted, "plan-tracker", topics.PLANS),
    ("nrem.plan.amended.v1", plans.PlanAmended, "plan-tracker", topics.PLANS),
    ("nrem.verdict.given.v1", plans.VerdictGiven, "plan-tracker", topics.PLANS),
    ("nrem.dissent.recorded.v1", plans.DissentRecorded, "plan-tracker", topics.PLANS),
    ("nrem.recommendation.recorded.v1", plans.RecommendationRecorded, "plan-tracker", topics.PLANS),
    ("nrem.legal-deadline.set.v1", plans.LegalDeadlineSet, "plan-tracker", topics.PLANS),
    ("nrem.legal-deadline.met.v1", plans.LegalDeadlineMet, "plan-tracker", topics.PLANS),
    ("nrem.meeting.scheduled.v1", meetings.MeetingScheduled, "plan-tracker", topics.MEETINGS),
    ("nrem.meeting.moved.v1", meetings.MeetingMoved, "plan-tracker", topics.MEETINGS),
    ("nrem.meeting.agenda-set.v1", meetings.MeetingAgendaSet, "plan-tracker", topics.MEETINGS),
    ("nrem.meeting.cancelled.v1", meetings.MeetingCancelled, "plan-tracker", topics.MEETINGS),
    ("nrem.meeting.held.v1", meetings.MeetingHeld, "plan-tracker", topics.MEETINGS),
    ("nrem.minutes.circulated.v1", meetings.MinutesCirculated, "plan-tracker", topics.MEETINGS),
    ("nrem.minutes.amendment-proposed.v1", meetings.AmendmentProposed, "plan-tracker", topics.MEETINGS),
    ("nrem.minutes.amendment-decided.v1", meetings.AmendmentDecided, "plan-tracker", topics.MEETINGS),
    ("nrem.minutes.approved.v1", meetings.MinutesApproved, "plan-tracker", topics.MEETINGS),
    ("nrem.decision.taken.v1", meetings.DecisionTaken, "plan-tracker", topics.MEETINGS),
    ("nrem.task.assigned.v1", meetings.TaskAssigned, "plan-tracker", topics.MEETINGS),
    ("nrem.task.carried-over.v1", meetings.TaskCarriedOver, "plan-tracker", topics.MEETINGS),
    ("nrem.task.done.v1", meetings.TaskDone, "plan-tracker", topics.MEETINGS),
    ("nrem.task.dropped.v1", meetings.TaskDropped, "plan-tracker", topics.MEETINGS),
    ("nrem.policies.adopted.v1", reminders.PoliciesAdopted, "notifier", topics.REMINDERS),
    ("nrem.working-calendar.set.v1", reminders.WorkingCalendarSet, "notifier", topics.REMINDERS),
    ("nrem.sending.switched.v1", reminders.SendingSwitched, "notifier", topics.REMINDERS),
    ("nrem.delivery.recorded.v1", reminders.DeliveryRecorded, "notifier", topics.REMINDERS),
    ("nrem.obligation.noted.v1", reminders.ObligationNoted, "notifier", None),
    ("nrem.relay.beaten.v1", operations.RelayHeartbeat, "each", topics.HEARTBEATS),
    ("nrem.payload.redacted.v1", operations.PayloadRedacted, "each", None),
    ("nrem.submission.redacted.v1", operations.FactRedacted, "intake", topics.SUBMISSIONS),
    ("nrem.meeting.redacted.v1", operations.FactRedacted, "plan-tracker", topics.MEETINGS),
    ("nrem.plan.redacted.v1", operations.FactRedacted, "plan-tracker", topics.PLANS),
    ("nrem.reminder.redacted.v1", operations.FactRedacted, "notifier", topics.REMINDERS),
    ("nrem.release.redacted.v1", operations.FactRedacted, "statistics", topics.RELEASES),
    ("nrem.evidence.removed.v1", operations.EvidenceRemoved, "intake", None),
    ("nrem.text.let-pass.v1", operations.TextLetPass, "intake", None),
)


def version_of(type_name: str) -> tuple[str, int] | None:
    """(`nrem.submission.accepted`, 1) of an event type's name; null where it is none of ours."""
    match = _TYPE.match(type_name)
    return (match[1], int(match[2])) if match else None


#: The newest version that this release knows of each event noun and verb.
KNOWN_VERSIONS: dict[str, int] = {}
for _name in EVENT_TYPES:
    _parsed = version_of(_name)
    if _parsed is None:  # pragma: no branch
        raise ValueError(f"{_name} is no event type")
    KNOWN_VERSIONS[_parsed[0]] = max(_parsed[1], KNOWN_VERSIONS.get(_parsed[0], 0))
