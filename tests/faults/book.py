"""The model: what was acknowledged, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

Values = dict[str, int]  # destination → people referred


@dataclass
class Version:
    """One version as acknowledged."""

    values: Values
    outcome: str | None = None


@dataclass
class Stream:
    """One submission; `facts` are its journal rows: event type without prefix and version, by revision."""

    period: str
    member: str
    versions: list[Version] = field(default_factory=list)
    facts: list[tuple[str, int]] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """Its name on the bus."""
        return f"submission/{self.period}/{self.member}"

    @property
    def pending(self) -> bool:
        """Whether its newest version waits for a decision."""
        return bool(self.versions) and self.versions[-1].outcome is None

    @property
    def accepted(self) -> int | None:
        """The version that counts."""
        found = [number for number, one in enumerate(self.versions, 1) if one.outcome == "accepted"]
        return found[-1] if found else None

    @property
    def state(self) -> str:
        """Of the newest version."""
        return self.versions[-1].outcome or "submitted"


@dataclass
class Meeting:
    """A meeting and how often it was moved."""

    code: str
    starts_at: str
    moves: int = 0


@dataclass
class Book:
    """Everything that anybody was told had been done."""

    streams: dict[str, Stream] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    letters: set[tuple[str, int, int]] = field(default_factory=set)  # bad records put on the bus: where they stand
    repeated: int = 0  # requests whose first answer was lost, and that got it the second time

    def stream(self, period: str, member: str) -> Stream:
        """The stream, made where it is new."""
        one = Stream(period, member)
        return self.streams.setdefault(one.subject, one)

    def submitted(self, stream: Stream, values: Values) -> None:
        """A version was acknowledged."""
        stream.versions.append(Version(dict(values)))
        stream.facts.append(("submitted", len(stream.versions)))

    def decided(self, stream: Stream, outcome: str) -> None:
        """A decision was acknowledged."""
        stream.versions[-1].outcome = outcome
        stream.facts.append((outcome, len(stream.versions)))

    def letters_known_to(self, topics: Collection[str]) -> set[tuple[str, int, int]]:
        """The bad records that a reader of these topics keeps."""
        return {letter for letter in self.letters if letter[0] in topics}

    @property
    def submissions(self) -> list[tuple[str, int, str, int]]:
        """Subject, revision, event, version: every row of the journal about submissions, by subject."""
        return sorted(
            (stream.subject, revision, kind, version)
            for stream in self.streams.values()
            for revision, (kind, version) in enumerate(stream.facts, 1)
        )

    @property
    def observations(self) -> list[tuple[str, str, int, str, int]]:
        """Period, member, version, destination, people: every figure."""
        return sorted(
            (stream.period, stream.member, number, destination, people)
            for stream in self.streams.values()
            for number, version in enumerate(stream.versions, 1)
            for destination, people in version.values.items()
        )

    @property
    def decisions(self) -> list[tuple[str, str, int, str]]:
        """Period, member, version, outcome."""
        return sorted(
            (stream.period, stream.member, number, version.outcome)
            for stream in self.streams.values()
            for number, version in enumerate(stream.versions, 1)
            if version.outcome
        )

    @property
    def told(self) -> set[str]:
        """Ledger keys that must be there: a receipt of each version, a word for each acceptance."""
        receipts = {f"RECEIPT/{s.period}/{s.member}/{n}" for s in self.streams.values() for n in _numbers(s)}
        accepted = {
            f"ACCEPTANCE/{s.period}/{s.member}/{n}"
            for s in self.streams.values()
            for n in _numbers(s)
            if s.versions[n - 1].outcome == "accepted"
        }
        returned = {
            f"RESUBMIT/{s.period}/{s.member}/{len(s.versions)}"
            for s in self.streams.values()
            if s.versions and s.state == "returned"
        }
        return receipts | accepted | returned

    @property
    def perhaps_told(self) -> set[str]:
        """A return is told unless the next version came before the notifier heard of it."""
        return {
            f"RESUBMIT/{s.period}/{s.member}/{n}"
            for s in self.streams.values()
            for n in _numbers(s)
            if s.versions[n - 1].outcome == "returned"
        }


def _numbers(stream: Stream) -> range:
    return range(1, len(stream.versions) + 1)
