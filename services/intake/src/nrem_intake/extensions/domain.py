"""Whether a member gets more time for a period's first submission. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.fields import check_bilingual
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.domain.stream import Stream
from nrem_intake.submissions.domain.watch import STRICT, Watch
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import ExtensionAsked, ExtensionRefused, ExtensionStream, SubmissionExtended


@dataclass(frozen=True, slots=True)
class Wish:
    """Time to the end of `until`, and why."""

    until: date
    reason: LocalizedText


@dataclass(frozen=True, slots=True)
class Extension:
    """The stream as it stands; `revision` 0 = nothing was ever asked or given.

    `given` = what the coordinator gave last; `asked` = what waits for a decision; `refused` = the last refusal, with
    the coordinator's reason, until something is asked or given again.
    """

    period: str
    member: str
    revision: int = 0
    given: Wish | None = None
    asked: Wish | None = None
    refused: Wish | None = None

    @property
    def subject(self) -> str:
        """The stream's name in the journal and on the bus."""
        return f"extension/{self.period}/{self.member}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an extension depends on: the submission as it stands, who owes it, whether the period is closed."""

    stream: Stream
    owed: bool
    closed: bool
    extension: Extension
    watch: Watch = STRICT


class Decided(NamedTuple):
    """What a command leads to: the stream after it, and the event that says so."""

    extension: Extension
    event: ExtensionStream


def extend(terms: Terms, due: date, reason: LocalizedText, today: date) -> Decided:
    """The coordinator gives time to the end of `due`, whether it was asked for or not.

    Raises NotAllowed (`not_owed`, `period_closed`, `reported_already`), Unacceptable (`extension_in_past`,
    `extension_not_later`, and what free text is refused for; pointers into `{due, reason}`).
    """
    _still_open(terms)
    _check(terms, "/due", due, reason, today)
    wish = Wish(due, reason)
    after = replace(terms.extension, revision=terms.extension.revision + 1, given=wish, asked=None, refused=None)
    event = SubmissionExtended(
        period=terms.stream.period,
        member=terms.stream.member,
        due=due,
        due_before=terms.stream.due,
        reason=reason,
        illustrative=terms.stream.illustrative,
    )
    return Decided(after, event)


def ask(terms: Terms, until: date, reason: LocalizedText, today: date) -> Decided:
    """The member asks for time; asking again takes the place of what was asked before.

    Raises NotAllowed (`not_owed`, `period_closed`, `reported_already`), Unacceptable as `extend` does; pointers into
    `{until, reason}`.
    """
    _still_open(terms)
    _check(terms, "/until", until, reason, today)
    wish = Wish(until, reason)
    after = replace(terms.extension, revision=terms.extension.revision + 1, asked=wish, refused=None)
    return Decided(after, ExtensionAsked(**_state(terms), until=until, reason=reason))


def refuse(terms: Terms, reason: LocalizedText) -> Decided:
    """The coordinator does not give what was asked for. Raises NotAllowed (`nothing_asked`), Unacceptable (text)."""
    asked = terms.extension.asked
    if asked is None:
        raise NotAllowed("nothing_asked")
    found = Findings(terms.watch)
    check_bilingual(found, "/reason", reason.model_dump())
    if found:
        raise Unacceptable(found.sorted())
    refused = Wish(asked.until, reason)
    after = replace(terms.extension, revision=terms.extension.revision + 1, asked=None, refused=refused)
    return Decided(after, ExtensionRefused(**_state(terms), until=asked.until, reason=reason))


def _still_open(terms: Terms) -> None:
    if not terms.owed:
        raise NotAllowed("not_owed")
    if terms.closed:
        raise NotAllowed("period_closed")
    if terms.stream.reported:
        raise NotAllowed("reported_already")


def _check(terms: Terms, at: str, day: date, reason: LocalizedText, today: date) -> None:
    found = Findings(terms.watch)
    if day < today:
        found.add(at, "extension_in_past", day=day.isoformat())
    elif day <= terms.stream.due:
        found.add(at, "extension_not_later", day=day.isoformat(), due=terms.stream.due.isoformat())
    check_bilingual(found, "/reason", reason.model_dump())
    if found:
        raise Unacceptable(found.sorted())


def _state(terms: Terms) -> dict[str, object]:
    stream = terms.stream
    return {
        "period": stream.period,
        "member": stream.member,
        "due": stream.due,
        "illustrative": stream.illustrative,
    }
