"""SIGNATURE: what was prepared waits for the authorised officer, until it is signed, sent back or taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.values import Notice, Obligation, Recipient, Surroundings, words
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import SignatureAwaited, SignatureSettled, SubmissionSubmitted
from nrem_shared.runtime.clock import local_date

CODE = "SIGNATURE"
_TITLES = {
    "report": words("Parakstāms pārskats", "A report to sign"),
    "correction": words("Parakstāms labojums", "A correction to sign"),
}


@dataclass(frozen=True, slots=True)
class Round:
    """One time that something was handed over; `settled_at` = since when it waits no more."""

    number: int
    awaited_at: datetime
    data: SignatureAwaited
    settled_at: datetime | None

    @property
    def key(self) -> str:
        """The obligation's key."""
        return f"{CODE}/{self.data.period}/{self.data.member}/{self.number}"

    @property
    def link(self) -> str:
        """Where it is read and signed."""
        page = "check" if self.data.kind == "report" else "correction"
        return f"/intake/periods/{self.data.period}/submissions/{self.data.member}/report/{page}"


def rounds(facts: Facts) -> Iterator[Round]:
    """Everything that ever waited for a signature. A version that came in another way ends the wait too."""
    for subject, revisions in facts.of_kind("signature"):
        submitted = _submitted(facts.streams.get(subject.replace("signature/", "submission/", 1), ()))
        for place, one in enumerate(revisions):
            if isinstance(one.data, SignatureAwaited):
                ends = [
                    later.recorded_at for later in revisions[place + 1 :] if isinstance(later.data, SignatureSettled)
                ]
                ends += [at for at in submitted if at > one.recorded_at]
                yield Round(one.revision, one.recorded_at, one.data, min(ends, default=None))


def _submitted(revisions: tuple[Revision, ...]) -> list[datetime]:
    return [one.recorded_at for one in revisions if isinstance(one.data, SubmissionSubmitted)]


def obligations(facts: Facts, around: Surroundings) -> Iterator[Obligation]:
    """What the authorised officers have to sign, or had to."""
    for one in rounds(facts):
        yield Obligation(
            key=one.key,
            code=CODE,
            owner=Recipient(one.data.member, "authorised_officer"),
            title=_TITLES[one.data.kind],
            detail=_detail(around, one.data),
            opened=local_date(one.awaited_at),
            due=one.data.due,
            link=one.link,
            met_at=one.settled_at,
            illustrative=one.data.illustrative,
        )


def notices(facts: Facts, around: Surroundings) -> Iterator[Notice]:
    """A word to the officer at once, as long as it waits."""
    for one in rounds(facts):
        if one.settled_at is None:
            yield Notice(
                key=one.key,
                kind="signature",
                recipient=Recipient(one.data.member, "authorised_officer"),
                at=one.awaited_at,
                title=_TITLES[one.data.kind],
                detail=_detail(around, one.data),
                link=one.link,
                illustrative=one.data.illustrative,
            )


def _detail(around: Surroundings, data: SignatureAwaited) -> LocalizedText:
    year, quarter, name = data.period[:4], data.period[-1], around.name(data.member)
    return words(f"{year}. gada {quarter}. ceturksnis, {name}", f"Q{quarter} {year}, {name}")
