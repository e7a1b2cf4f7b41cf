"""What a mail says, in one language: title, date and link of things to do, and nothing of their content. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from nrem_notifier.obligations.domain.values import Notice, Obligation, Recipient

if TYPE_CHECKING:
    from nrem_shared.contracts.meetings import MeetingStream
    from nrem_shared.web.formats import Formats
    from nrem_shared.web.messages import Translator

Tone = Literal["coming", "today", "overdue"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: what, by when, where to do it."""

    title: str
    when: str
    state: str
    tone: Tone
    link: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is rendered. `facts` are pairs (name, value) such as place and time."""

    subject: str
    heading: str
    intro: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    action: tuple[str, str] | None = None
    footer: tuple[str, ...] = ()
    why: tuple[str, str] | None = None
    illustrative: bool = False


@dataclass(frozen=True)
class Told:
    """An obligation that a mail speaks of; `step` = the step taken, `fallback` = meant for another recipient."""

    obligation: Obligation
    step: str
    recipient: Recipient
    fallback: bool = False


@dataclass(frozen=True)
class Scribe:
    """Writes letters in one language. `url` = the platform's public address, `names` = institution → abbreviation."""

    translate: Translator
    formats: Formats
    url: str
    names: dict[str, str] = field(default_factory=dict)

    def digest(self, told: Sequence[Told], today: date) -> Letter:
        """One mail about everything that is to be said to one recipient today."""
        _ = self.translate
        # Told to this recipient itself and in somebody's place: what is said is said to it.
        unique = {one.obligation.key: one for one in sorted(told, key=lambda one: not one.fallback)}.values()
        ordered = sorted(unique, key=lambda one: (one.obligation.due, one.obligation.key))
        groups: dict[str, list[Line]] = {}
        for one in ordered:
            groups.setdefault(self._group(one, today), []).append(self._line(one, today))
        order = ("others", "overdue", "today", "coming", "meetings")
        sections = tuple(Section(_(f"mail.section.{name}"), tuple(groups[name])) for name in order if name in groups)
        if len(ordered) == 1:
            only = ordered[0].obligation
            subject = _("mail.digest.subject_one", what=self._what(only), day=self.formats.short_date(only.due))
        else:
            subject = _.count("mail.digest.subject", len(ordered))
        return self._finished(
            Letter(subject, _("mail.digest.heading"), sections=sections),
            any(one.obligation.illustrative for one in told),
        )

    def returned(self, one: Told) -> Letter:
        """A submission came back: until when, and where the reasons stand."""
        _, due = self.translate, self.formats.date(one.obligation.due)
        letter = self._about(one, "returned", (_("mail.returned.intro", day=due),), ((_("mail.fact.due"), due),))
        # What was returned says it all; that it is to be corrected stands in the subject.
        what = self.formats.localized(one.obligation.detail)
        facts = ((_("mail.fact.what"), what), *letter.facts[1:])
        return replace(letter, subject=_("mail.returned.subject", what=what), facts=facts)

    def moved(self, one: Told, meeting: MeetingStream | None) -> Letter:
        """A due date or a meeting is on another day now."""
        _ = self.translate
        if meeting is not None:
            letter = self._about(one, "meeting_moved", (_("mail.meeting_moved.intro"),), self._when_where(meeting))
            return replace(
                letter, subject=_("mail.meeting_moved.subject", when=self.formats.datetime(meeting.starts_at))
            )
        due = self.formats.date(one.obligation.due)
        return self._about(one, "moved", (_("mail.moved.intro"),), ((_("mail.fact.new_due"), due),))

    def notice(self, notice: Notice, meeting: MeetingStream | None, fallback: bool) -> Letter:
        """A receipt, an acceptance, an invitation, a cancellation, circulated minutes."""
        _, kind = self.translate, notice.kind
        what = f"{self.formats.localized(notice.title)}, {self.formats.localized(notice.detail)}"
        day = self.formats.date(notice.day) if notice.day else ""
        when = self.formats.datetime(meeting.starts_at) if meeting else day
        facts: tuple[tuple[str, str], ...] = self._when_where(meeting) if meeting else ()
        if kind == "minutes":
            facts = ((_("mail.fact.amendments_until"), day),)
        letter = Letter(
            subject=_(f"mail.{kind}.subject", what=what, when=when),
            heading=_(f"mail.{kind}.heading"),
            intro=(_(f"mail.{kind}.intro", what=what), *self._meant_for(notice.recipient, fallback)),
            facts=((_("mail.fact.what"), what), *facts),
            action=(_(f"mail.{kind}.action"), self.url + notice.link),
        )
        return self._finished(letter, notice.illustrative)

    def personal(self, one: Told, line: str, today: date) -> Letter:
        """The coordinator reminds of one thing, with a line of their own."""
        _ = self.translate
        section = Section(_("mail.digest.heading"), (self._line(one, today),))
        letter = Letter(
            subject=_("mail.personal.subject", what=self._what(one.obligation)),
            heading=_("mail.personal.heading"),
            intro=(_("mail.personal.intro"), line) if line else (_("mail.personal.intro"),),
            sections=(section,),
        )
        return self._finished(letter, one.obligation.illustrative)

    def test(self, now: datetime) -> Letter:
        """A mail that shows that mail works."""
        _ = self.translate
        intro = (_("mail.test.intro", when=self.formats.datetime(now)),)
        return Letter(_("mail.test.subject"), _("mail.test.heading"), intro, footer=(_("mail.footer"),))

    def _about(self, one: Told, kind: str, intro: tuple[str, ...], facts: tuple[tuple[str, str], ...]) -> Letter:
        _, what = self.translate, self._what(one.obligation)
        letter = Letter(
            subject=_(f"mail.{kind}.subject", what=what, when=self.formats.short_date(one.obligation.due)),
            heading=_(f"mail.{kind}.heading"),
            intro=(*intro, *self._meant_for(one.recipient, one.fallback)),
            facts=((_("mail.fact.what"), what), *facts),
            action=(_(f"mail.{kind}.action"), self.url + one.obligation.link),
        )
        return self._finished(letter, one.obligation.illustrative)

    def _finished(self, letter: Letter, illustrative: bool) -> Letter:
        _ = self.translate
        why = (_("mail.why"), f"{self.url}/reminders/why")
        return replace(letter, footer=(_("mail.footer"),), why=why, illustrative=illustrative)

    def _meant_for(self, recipient: Recipient, fallback: bool) -> tuple[str, ...]:
        if not fallback:
            return ()
        name = self.names.get(recipient.institution, recipient.institution)
        return (self.translate("mail.meant_for", institution=name, role=self.translate(f"role.{recipient.role}")),)

    def _what(self, obligation: Obligation) -> str:
        return f"{self.formats.localized(obligation.title)}, {self.formats.localized(obligation.detail)}"

    def _group(self, one: Told, today: date) -> str:
        due = one.obligation.due
        if one.obligation.code == "MEETING":
            return "meetings"
        if due < today and one.recipient != one.obligation.owner:
            return "others"
        return "overdue" if due < today else "today" if due == today else "coming"

    def _line(self, one: Told, today: date) -> Line:
        _, obligation = self.translate, one.obligation
        days = (obligation.due - today).days
        tone: Tone = "coming" if days > 0 else "today" if days == 0 else "overdue"
        notes = [*self._meant_for(one.recipient, one.fallback)]
        if one.recipient != obligation.owner and not one.fallback:
            owner = self.names.get(obligation.owner.institution, obligation.owner.institution)
            notes.insert(0, _("mail.owed_by", institution=owner))
        return Line(
            title=self._what(obligation),
            when=self.formats.date(obligation.due),
            state=_("mail.state.today") if days == 0 else _.count(f"mail.state.{tone}", abs(days)),
            tone=tone,
            link=self.url + obligation.link,
            note=" ".join(notes),
        )

    def _when_where(self, meeting: MeetingStream) -> tuple[tuple[str, str], ...]:
        _ = self.translate
        pairs = [(_("mail.fact.when"), self.formats.datetime(meeting.starts_at))]
        if meeting.place is not None:
            pairs.append((_("mail.fact.where"), self.formats.localized(meeting.place)))
        pairs.append((_("mail.fact.how"), _(f"mail.mode.{meeting.mode}")))
        return tuple(pairs)
