"""What the next meeting has to speak about: a proposal made from the current facts, never accumulated. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from nrem_plan_tracker.progress.domain import DISPUTED, ResultProgress
from nrem_plan_tracker.submissions.domain import Entry, Standing
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.meetings import AgendaItem, AgendaKind, TaskStream

#: What members say when they are done with a result: then the coordinator's verdict is due.
_FINAL = frozenset({"completed", "partially_completed", "not_completed", "cancelled", DISPUTED})

#: The items of every agenda: first and last.
RESULTS = LocalizedText(lv="Institūciju rezultāti un statistika", en="Results and statistics of the institutions")
PLANS = LocalizedText(lv="Nākotnes plāni", en="Future plans")


@dataclass(frozen=True, slots=True)
class Due:
    """The facts an agenda is proposed from. `on` = the day of the meeting; `said` = challenges that stood on an
    earlier agenda; `extended` = until when a member has that was given more time than to `reports_due`."""

    on: date
    owes: Sequence[str]
    standings: Mapping[str, Standing]
    tasks: Sequence[TaskStream]
    challenges: Sequence[Entry]
    results: Sequence[ResultProgress]
    said: frozenset[str] = frozenset()
    minutes_open: Sequence[str] = ()
    reports_due: date | None = None
    extended: Mapping[str, date] = field(default_factory=dict)


def proposed_agenda(due: Due, names: Mapping[str, str]) -> tuple[AgendaItem, ...]:
    """Overdue tasks, the institutions' results, reports that are missing, verdicts, challenges, open tasks, minutes not
    yet approved, future plans. `names` = institution → abbreviation."""
    found = [
        *_overdue_tasks(due, names),
        _Item("STANDING", RESULTS),
        *_reports(due, names),
        *_verdicts(due.results, due.on),
        *_challenges(due),
        *_open_tasks(due, names),
        *_minutes(due.minutes_open),
        _Item("STANDING", PLANS),
    ]
    return tuple(AgendaItem(item=n, kind=one.kind, text=one.text, **one.link) for n, one in enumerate(found, 1))


class _Item:
    def __init__(self, kind: AgendaKind, text: LocalizedText, **link: str) -> None:
        self.kind = kind
        self.text = text
        self.link = link


def _overdue_tasks(due: Due, names: Mapping[str, str]) -> Iterator[_Item]:
    for task in due.tasks:
        if task.state == "open" and task.due < due.on:
            who = names.get(task.owner, task.owner)
            text = LocalizedText(
                lv=f"Nokavēts uzdevums {task.code} ({who}): {task.text.lv}",
                en=f"Overdue task {task.code} ({who}): {task.text.in_language('en')}",
            )
            yield _Item("OVERDUE_TASK", text, task=task.code)


def _open_tasks(due: Due, names: Mapping[str, str]) -> Iterator[_Item]:
    for task in due.tasks:
        if task.state == "open" and task.due >= due.on:
            who = names.get(task.owner, task.owner)
            text = LocalizedText(
                lv=f"Uzdevums {task.code} ({who}): {task.text.lv}",
                en=f"Task {task.code} ({who}): {task.text.in_language('en')}",
            )
            yield _Item("STANDING", text, task=task.code)


_REPORTS = {
    None: ("{who}: iesniegums nav saņemts", "{who}: no report has been received"),
    "withdrawn": ("{who}: iesniegums atsaukts", "{who}: the report was withdrawn"),
    "returned": ("{who}: iesniegums atdots labošanai", "{who}: the report was returned for correction"),
    "submitted": ("{who}: iesniegums nav izskatīts", "{who}: the report has not been reviewed"),
}


def _reports(due: Due, names: Mapping[str, str]) -> Iterator[_Item]:
    for member in due.owes:
        standing = due.standings.get(member)
        if standing is not None and standing.accepted_version is not None:
            continue
        lv, en = _REPORTS[standing.state if standing else None]
        who = names.get(member, member)
        yield _Item("MISSING_REPORT", LocalizedText(lv=lv.format(who=who), en=en.format(who=who)), member=member)


def _verdicts(results: Iterable[ResultProgress], on: date) -> Iterator[_Item]:
    for one in results:
        if not verdict_due(one, on):
            continue
        code = one.result.code
        text = LocalizedText(
            lv=f"Rezultāts {code}: {one.result.title.lv}", en=f"Result {code}: {one.result.title.in_language('en')}"
        )
        yield _Item("VERDICT", text, result=code)


def verdict_due(one: ResultProgress, on: date) -> bool:
    """Whether a meeting on that day has to judge: members say they are done or differ, or the last due date passed."""
    if one.result.final_assessment is not None or (one.verdict and one.verdict.verdict in ("completed", "cancelled")):
        return False
    if one.verdict is None:
        return one.self_status in _FINAL or one.overdue(on)
    return one.self_status in _FINAL - {DISPUTED} and one.self_status != one.verdict.verdict


def _challenges(due: Due) -> Iterator[_Item]:
    for entry in due.challenges:
        if entry.item["state"] != "ended" and entry.code not in due.said:
            yield _Item("CHALLENGE", LocalizedText.model_validate(entry.item["text"]), challenge=entry.code)


def _minutes(meetings: Iterable[str]) -> Iterator[_Item]:
    for code in meetings:
        text = LocalizedText(lv=f"Protokols {code}: priekšlikumi", en=f"Minutes {code}: proposed amendments")
        yield _Item("MINUTES", text)
