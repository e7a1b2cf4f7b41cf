"""What happens in the demonstration and when: data files become one ordered list of steps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nrem_embedded.calendar import PlatformCalendar
from nrem_embedded.demonstration.meeting_steps import meeting_steps
from nrem_embedded.demonstration.quarter_files import Corrected, QuarterFile, Submitted, quarter_paths, read_quarter
from nrem_embedded.demonstration.steps import COORDINATOR, Action, Step
from nrem_shared.runtime.clock import DEMONSTRATION_START, RIGA

#: Where the demonstration stands when it is ready, and where its last quarter has ended.
READY_AT = datetime(2026, 10, 12, tzinfo=RIGA).astimezone(UTC)
END_OF_QUARTER = datetime(2026, 11, 21, tzinfo=RIGA).astimezone(UTC)

#: Where its story ends: the minutes are approved, the next quarter is being reported, and somebody is late with it.
END_OF_STORY = datetime(2027, 1, 25, tzinfo=RIGA).astimezone(UTC)


class Scenario:
    """Steps in the order of their times."""

    def __init__(self, steps: Iterable[Step]) -> None:
        unique = {step.key: step for step in steps}
        self.steps: Sequence[Step] = sorted(unique.values(), key=lambda step: step.order)
        self._times = [step.at for step in self.steps]

    def within(self, since: datetime, until: datetime) -> Sequence[Step]:
        """Steps from `since` to `until`, both included."""
        return self.steps[bisect_left(self._times, since) : bisect_right(self._times, until)]

    def next_after(self, instant: datetime) -> Step | None:
        """The first step later than `instant`; null at the end."""
        place = bisect_right(self._times, instant)
        return self.steps[place] if place < len(self.steps) else None

    def together_with(self, others: Iterable[Step]) -> Scenario:
        """This scenario and further steps; a step that both have is one step."""
        return Scenario([*self.steps, *others])


def demonstration_scenario(data: Path, calendar: PlatformCalendar, group: str, content: str) -> Scenario:
    """What is to happen on a platform with this content: the demonstration's year, or the openings alone."""
    if content != "demonstration":
        return scenario(calendar, group, [])
    quarters = scenario(calendar, group, [read_quarter(path)[0] for path in quarter_paths(data)])
    return quarters.together_with(meeting_steps(data))


def scenario(calendar: PlatformCalendar, group: str, files: Iterable[QuarterFile]) -> Scenario:
    """The openings that the calendar asks for, and everything in the files."""
    return Scenario([*openings(calendar, group), *(step for file in files for step in steps_of(file))])


def openings(calendar: PlatformCalendar, group: str) -> Iterator[Step]:
    """Each quarter of the calendar opens on its first day; quarters from before the demonstration do not."""
    for period, due in calendar.due.items():
        opening = calendar.opening(period)
        if opening >= DEMONSTRATION_START:
            body = {"code": period, "group": group, "due": due.isoformat(), "illustrative": True}
            yield Step(
                opening, f"demonstration/{period}/open", COORDINATOR, "open", period, "/intake/api/periods", body
            )


def steps_of(file: QuarterFile) -> Iterator[Step]:
    """Every submission, correction and decision of one quarter's file."""
    for submitted in file.submissions:
        yield _submit(file.period, submitted)
        yield from _decision(file.period, submitted)
    for corrected in file.corrections:
        yield _correct(corrected)
        yield from _decision(corrected.period, corrected)


def _submit(period: str, given: Submitted) -> Step:
    return Step(
        at=given.submitted_at.astimezone(UTC),
        key=f"demonstration/{given.id}/submit",
        who=given.member,
        action="submit",
        period=period,
        path=stream_path(period, given.member),
        body=given.content,
        member=given.member,
        version=given.version,
    )


def _correct(given: Corrected) -> Step:
    return Step(
        at=given.submitted_at.astimezone(UTC),
        key=f"demonstration/{given.id}/correct",
        who=given.member,
        action="correct",
        period=given.period,
        path=f"{stream_path(given.period, given.member)}/corrections",
        body={"items": list(given.items)},
        member=given.member,
        version=given.version,
    )


def _decision(period: str, given: Submitted | Corrected) -> Iterator[Step]:
    decision = given.decision
    if decision is None:
        return
    action: Action = "accept" if decision.outcome == "accepted" else "return"
    body: dict[str, Any] = {}
    if action == "return":
        body["reasons"] = [each.model_dump(mode="json") for each in decision.reasons]
        if decision.due is not None:
            body["due"] = decision.due.isoformat()
    yield Step(
        at=decision.at.astimezone(UTC),
        key=f"demonstration/{given.id}/{action}",
        who=COORDINATOR,
        action=action,
        period=period,
        path=f"{stream_path(period, given.member)}/versions/{given.version}/{action}",
        body=body,
        member=given.member,
        version=given.version,
    )


def stream_path(period: str, member: str) -> str:
    """The address of a member's submission for a period."""
    return f"/intake/api/periods/{period}/submissions/{member}"
