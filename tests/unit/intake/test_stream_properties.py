"""Any sequence of commands: what counts equals a naive model after every step."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.stream import Decided, Stream, Version
from nrem_shared.contracts.submissions import SubmissionSubmitted
from unit.intake.streams import KINDS, START, content, corrected, figures, item, later, new_stream, returned, row

FIGURES = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 9), max_size=3)


class OneSubmission(RuleBasedStateMachine):
    """Commands in any order, allowed or not; `counts` is what a person with a pencil would have on paper."""

    def __init__(self) -> None:
        super().__init__()
        self.stream: Stream = new_stream()
        self.counts: dict[str, int] | None = None
        self.waiting: dict[str, int] | None = None
        self.seen: dict[int, Version] = {}
        self.hours = 0

    def _now(self) -> Any:
        self.hours += 7
        return later(hours=self.hours)

    def _take(self, decided: Decided) -> None:
        before = self.stream
        self.stream = decided.stream
        event = decided.event
        assert decided.stream.revision == before.revision + 1
        assert event.accepted_version == self.stream.accepted_version
        assert event.pending_version == self.stream.pending_version
        assert event.state == self.stream.versions[-1].state
        assert event.first_submitted_at == (before.first_submitted_at or event.first_submitted_at)
        assert before.first_submitted_at is None or event.late == before.late

    @rule(values=FIGURES)
    def submit(self, values: dict[str, int]) -> None:
        sent = content(*(row(kind, value) for kind, value in values.items()))
        if self.counts is not None or self.waiting is not None:
            with pytest.raises(NotAllowed):
                life.submit(self.stream, sent, self._now())
            return
        self._take(life.submit(self.stream, sent, self._now()))
        self.waiting = values

    @rule(
        changes=st.dictionaries(st.sampled_from(KINDS), st.none() | st.integers(0, 9), min_size=1), wrong=st.booleans()
    )
    def correct(self, changes: dict[str, int | None], wrong: bool) -> None:
        known = self.counts or {}
        changes = {kind: value for kind, value in changes.items() if value != known.get(kind)}
        items = [item(kind, known.get(kind), value) for kind, value in changes.items()]
        if wrong and items:
            items[0]["old"] = (known.get(next(iter(changes))) or 0) + 1
        if self.counts is None or self.waiting is not None:
            with pytest.raises(NotAllowed):
                corrected(self.stream, *items, now=self._now())
            return
        if not items or wrong:
            with pytest.raises(Unacceptable):
                corrected(self.stream, *items, now=self._now())
            return
        self._take(corrected(self.stream, *items, now=self._now()))
        after = known | changes
        self.waiting = {kind: value for kind, value in after.items() if value is not None}

    @rule()
    @precondition(lambda self: self.waiting is not None)
    def accept(self) -> None:
        self._take(life.accept(self.stream, len(self.stream.versions), self._now()))
        self.counts, self.waiting = self.waiting, None

    @rule()
    @precondition(lambda self: self.waiting is not None)
    def return_(self) -> None:
        self._take(returned(self.stream, self._now()))
        self.waiting = None

    @rule()
    @precondition(lambda self: self.waiting is not None)
    def withdraw(self) -> None:
        self._take(life.withdraw(self.stream, len(self.stream.versions), self._now()))
        self.waiting = None

    @rule(number=st.integers(1, 6))
    def decide_again(self, number: int) -> None:
        if number == self.stream.pending_version:
            return
        for command in (life.accept, life.withdraw):
            with pytest.raises(NotAllowed):
                command(self.stream, number, START)

    @invariant()
    def counts_what_was_accepted(self) -> None:
        assert figures(self.stream) == (self.counts or {})
        assert (self.stream.accepted_version is None) == (self.counts is None)
        assert (self.stream.pending_version is None) == (self.waiting is None)

    @invariant()
    def versions_never_change(self) -> None:
        assert [v.number for v in self.stream.versions] == list(range(1, len(self.stream.versions) + 1))
        for version in self.stream.versions:
            first = self.seen.setdefault(version.number, version)
            assert (first.content, first.kind, first.submitted_at) == (
                version.content,
                version.kind,
                version.submitted_at,
            )
            assert first.state in ("submitted", version.state)
            self.seen[version.number] = version


TestOneSubmission = OneSubmission.TestCase
TestOneSubmission.settings = settings(max_examples=150, stateful_step_count=30)
TestOneSubmission.pytestmark = [pytest.mark.unit]


@pytest.mark.unit
def test_the_event_of_a_submission_holds_its_whole_content() -> None:
    event = life.submit(new_stream(), content(row("STATE_POLICE", 2)), START).event
    assert isinstance(event, SubmissionSubmitted)
    assert SubmissionSubmitted.model_validate_json(event.model_dump_json()) == event
