"""What an import of earlier quarters may do: open a past quarter, enter a submission as accepted. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from nrem_intake.periods.domain import last_day, owing
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.domain.stream import Decided, Stream
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.submissions import SubmissionContent, SubmissionSubmitted

#: Days after a quarter's end on which it counts as due where nobody says otherwise.
DAYS_TO_DUE = 15

MOST_PERIODS, MOST_SUBMISSIONS = 80, 100


class Imported(NamedTuple):
    """A submission brought in: first as submitted, then as accepted."""

    submitted: Decided
    accepted: Decided


def bring_in(stream: Stream, content: SubmissionContent, now: datetime) -> Imported:
    """Enter the content as the accepted first version. It is never late: it was reported otherwise, in its time.

    Raises NotAllowed (`accepted_already`, `pending_already`) where something was submitted already.
    """
    decided = life.submit(stream, content, now)
    number = decided.stream.versions[-1].number
    version = replace(decided.stream.versions[-1], imported=True)
    after = replace(decided.stream, versions=(*decided.stream.versions[:-1], version), late=False)
    assert isinstance(decided.event, SubmissionSubmitted)  # noqa: S101 - submitting leads to nothing else
    event = decided.event.model_copy(update={"imported": True, "late": False})
    return Imported(Decided(after, event), life.accept(after, number, now))


def same(stream: Stream, content: SubmissionContent) -> bool:
    """Whether exactly this was brought in before: a repeated import changes nothing."""
    return any(v.imported and v.number == stream.accepted_version and v.content == content for v in stream.versions)


def due_of(period: str, given: date | None) -> date:
    """The day on which a past quarter was due."""
    return given or last_day(period) + timedelta(days=DAYS_TO_DUE)


def owing_then(
    institutions: Iterable[InstitutionRegistered], group: str, period: str, reported: Iterable[str]
) -> tuple[str, ...]:
    """Who owed a submission for a past quarter: the group's members at its end, and whoever did report."""
    return tuple(sorted({*owing(institutions, group, last_day(period)), *reported}))


def check_shape(body: Any) -> Findings:
    """Whether the body has the shape of an import, so far that each submission can be looked at by itself."""
    found = Findings()
    periods = body.get("periods") if isinstance(body, dict) else None
    if not isinstance(periods, list) or not periods:
        found.add("/periods", "malformed" if periods else "missing", expected="list")
        return found
    if len(periods) > MOST_PERIODS:
        found.add("/periods", "too_many", limit=str(MOST_PERIODS), given=str(len(periods)))
        return found
    _check_heading(found, body)
    seen: set[str] = set()
    for place, period in enumerate(periods):
        _check_period(found, f"/periods/{place}", period, seen)
    return found


def _check_heading(found: Findings, body: dict[str, Any]) -> None:
    if not isinstance(body.get("group", ""), str | None):
        found.add("/group", "malformed", expected="text")
    if not isinstance(body.get("illustrative", False), bool):
        found.add("/illustrative", "malformed", expected="yes_no")


def _check_period(found: Findings, at: str, period: Any, seen: set[str]) -> None:
    if not isinstance(period, dict):
        found.add(at, "malformed", expected="object")
        return
    code = period.get("period")
    if not isinstance(code, str) or not is_quarter(code):
        found.add(f"{at}/period", "malformed", expected="period")
    elif code in seen:
        found.add(f"{at}/period", "duplicate_key", first=code)
    else:
        seen.add(code)
    _check_due(found, at, period.get("due"))
    submissions = period.get("submissions")
    if not isinstance(submissions, list):
        found.add(f"{at}/submissions", "malformed", expected="list")
        return
    if len(submissions) > MOST_SUBMISSIONS:
        found.add(f"{at}/submissions", "too_many", limit=str(MOST_SUBMISSIONS), given=str(len(submissions)))
    members: set[str] = set()
    for place, submission in enumerate(submissions):
        member = submission.get("member") if isinstance(submission, dict) else None
        if not isinstance(member, str):
            found.add(f"{at}/submissions/{place}/member", "missing")
        elif member in members:
            found.add(f"{at}/submissions/{place}/member", "duplicate_key", first=member)
        else:
            members.add(member)


def _check_due(found: Findings, at: str, due: Any) -> None:
    if due is None:
        return
    try:
        date.fromisoformat(due)
    except (TypeError, ValueError):
        found.add(f"{at}/due", "malformed_date")


def is_quarter(code: str) -> bool:
    """Whether it is a quarter such as `2025-Q4`."""
    year, _, quarter = code.partition("-")
    return len(year) == 4 and year.isascii() and year.isdecimal() and quarter in ("Q1", "Q2", "Q3", "Q4")
