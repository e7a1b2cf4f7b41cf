"""From decisions to mails: one digest per mailbox, everything else on its own; the bytes are made here, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from nrem_notifier.ledger.domain import Decision, notice_key
from nrem_notifier.ledger.store import LedgerRow
from nrem_notifier.mail.letters import Letter, Scribe, Told
from nrem_notifier.mail.meetings import calendar_part
from nrem_notifier.mail.message import Sender, message_id, render
from nrem_notifier.mail.store import StoredMail
from nrem_shared.runtime.clock import local_date

if TYPE_CHECKING:
    from nrem_notifier.obligations.domain.recipients import Contact, Reached
    from nrem_notifier.obligations.domain.values import Notice, Recipient
    from nrem_notifier.obligations.reading import Known
    from nrem_notifier.policies.domain import Rules
    from nrem_shared.contracts.meetings import MeetingStream
    from nrem_shared.runtime.mail.allowed import AllowList
    from nrem_shared.web.environments import Templates


@dataclass(frozen=True)
class Press:
    """What mails are made with. `allowed` = whether an address may be written to."""

    templates: Templates
    sender: Sender
    url: str
    allowed: AllowList

    def scribe(self, language: str, known: Known) -> Scribe:
        """Who writes in this language."""
        names = {code: one.abbreviation for code, one in known.around.institutions.items()}
        return Scribe(self.templates.translator(language), self.templates.formats(language), self.url, names)


@dataclass
class Composed:
    """Mails with the rows they settle; `nobody` = recipients that nobody can be found for."""

    mails: list[StoredMail] = field(default_factory=list)
    rows: list[LedgerRow] = field(default_factory=list)
    nobody: set[Recipient] = field(default_factory=set)


class Composer:
    """Makes the mails of one pass, at one instant."""

    def __init__(self, press: Press, known: Known, rules: Rules, now: datetime) -> None:
        self._press = press
        self._known = known
        self._rules = rules
        self._now = now
        self._scribes: dict[str, Scribe] = {}
        self.result = Composed()

    def compose(self, decisions: Sequence[Decision], notices: Sequence[Notice]) -> Composed:
        """Everything decided now, as mails."""
        invited = {(n.meeting, n.recipient): self._notice(n) for n in notices}
        digests: dict[str, list[tuple[Decision, Reached]]] = {}
        for group in _by_mail(decisions):
            reached = self._known.contacts.reach(group[0].recipient)
            latest = next(one for one in group if one.outcome == "sent")
            if reached is None:
                self.result.nobody.add(group[0].recipient)
            elif (mail := invited.get((_meeting_of(latest), latest.recipient))) is not None and latest.step.at_once:
                # The invitation that leaves now names the new day already.
                self.result.rows += [self._row(one, mail, reached.fallback, "merged") for one in group]
            elif latest.step.at_once:
                self._at_once(latest, group, reached)
            else:
                digests.setdefault(reached.contact.address.lower(), []).extend((one, reached) for one in group)
        for pairs in digests.values():
            self._digest(pairs)
        return self.result

    def lapse(self, notices: Sequence[Notice]) -> None:
        """What is no news any more is recorded and not mailed."""
        self.result.rows += [self._notice_row(one, None, "lapsed", fallback=False) for one in notices]

    def _digest(self, pairs: list[tuple[Decision, Reached]]) -> None:
        contact = pairs[0][1].contact
        told = [
            Told(one.step.obligation, one.step.key.step, one.recipient, reached.fallback)
            for one, reached in pairs
            if one.outcome == "sent"
        ]
        today = local_date(self._now)
        letter = self._scribe(contact).digest(told, today)
        planned = max(one.step.planned for one, _ in pairs)
        mail = self._store("digest", contact, letter, self._rules.runs_at(planned))
        self.result.rows += [self._row(one, mail, reached.fallback, one.outcome) for one, reached in pairs]

    def _at_once(self, latest: Decision, group: Sequence[Decision], reached: Reached) -> None:
        scribe, contact, obligation = self._scribe(reached.contact), reached.contact, latest.step.obligation
        told = Told(obligation, latest.step.key.step, latest.recipient, reached.fallback)
        planned = max(latest.step.at or self._now, min(self._now, self._rules.runs_at(latest.step.planned)))
        if latest.step.key.step == "MOVED":
            code = _meeting_of(latest)
            meeting = self._known.meeting(code) if code else None
            letter = scribe.moved(told, meeting)
            mail = self._store("moved", contact, letter, latest.step.at or planned, meeting, obligation.link)
        else:
            # A fact names the day of a return; the moment it was known is when it could be told.
            mail = self._store("returned", contact, scribe.returned(told), self._now)
        self.result.rows += [self._row(one, mail, reached.fallback, one.outcome) for one in group]

    def _notice(self, notice: Notice) -> UUID | None:
        reached = self._known.contacts.reach(notice.recipient)
        if reached is None:
            self.result.nobody.add(notice.recipient)
            return None
        meeting = self._known.meeting(notice.meeting) if notice.meeting else None
        letter = self._scribe(reached.contact).notice(notice, meeting, reached.fallback)
        mail = self._store(notice.kind, reached.contact, letter, notice.at, meeting, notice.link)
        self.result.rows.append(self._notice_row(notice, mail, "sent", reached.fallback))
        return mail if notice.kind == "invitation" else None

    def _scribe(self, contact: Contact) -> Scribe:
        language = contact.language
        if language not in self._scribes:
            self._scribes[language] = self._press.scribe(language, self._known)
        return self._scribes[language]

    def _store(
        self,
        kind: str,
        contact: Contact,
        letter: Letter,
        planned_at: datetime,
        meeting: MeetingStream | None = None,
        link: str = "",
    ) -> UUID:
        press, mail = self._press, uuid4()
        part = None
        if meeting is not None:
            title = f"{letter.heading}" if kind == "cancellation" else self._meeting_title(meeting, contact.language)
            url = press.url + link
            part = calendar_part(meeting, title, press.sender, contact.address, url, self._now, contact.language)
        allowed = contact.address in press.allowed
        content = render(
            letter, contact.language, press.templates, press.sender, mail, contact.address, self._now, part
        )
        self.result.mails.append(
            StoredMail(
                id=mail,
                kind=kind,
                contact=contact.id,
                institution=contact.member,
                role=contact.role,
                language=contact.language,
                day=local_date(self._now),
                subject=letter.subject,
                message_id=message_id(mail, press.sender),
                content=content,
                state="waiting" if allowed else "withheld",
                planned_at=planned_at,
                decided_at=self._now,
                cause="" if allowed else "not_on_allow_list",
                sequence=meeting.sequence if meeting else 0,
            )
        )
        return mail

    def _meeting_title(self, meeting: MeetingStream, language: str) -> str:
        title = self._known.around.title("MEETING").in_language(language)
        return f"{title} ({meeting.about})"

    def _row(self, one: Decision, mail: UUID, fallback: bool, outcome: str) -> LedgerRow:
        key, obligation = one.step.key, one.step.obligation
        return LedgerRow(
            key.obligation, key.recipient.institution, key.recipient.role, key.step, key.occurrence,
            obligation.code, one.step.planned, obligation.due, outcome, fallback, mail, self._now,
        )  # fmt: skip

    def _notice_row(self, notice: Notice, mail: UUID | None, outcome: str, fallback: bool) -> LedgerRow:
        key = notice_key(notice)
        return LedgerRow(
            key.obligation, key.recipient.institution, key.recipient.role, key.step, "", key.step,
            local_date(notice.at), notice.day, outcome, fallback, mail, self._now,
        )  # fmt: skip


def _by_mail(decisions: Sequence[Decision]) -> list[list[Decision]]:
    """Decisions that one step speaks for."""
    groups: dict[object, list[Decision]] = {}
    for one in decisions:
        groups.setdefault(one.by, []).append(one)
    return list(groups.values())


def _meeting_of(decision: Decision) -> str | None:
    obligation = decision.step.obligation
    return obligation.key.split("/")[1] if obligation.code == "MEETING" else None
