"""The format of `data/demo/meetings-2026.yaml`, as requests to plan-tracker in the order of their times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from nrem_embedded.demonstration.steps import COORDINATOR, Action, Step
from nrem_embedded.documents import read_document
from nrem_shared.runtime.clock import RIGA

Json = dict[str, Any]

#: The plan that verdicts and dissents are about.
PLAN = "2025-2027"

#: Whose tasks the coordinator closes itself.
_MINISTRY = "iem"
_INVITED_AT, _DONE_AT = time(9), time(15)


def meeting_steps(data: Path) -> Iterator[Step]:
    """Meetings, decisions, verdicts, tasks and minutes, and what happens after the file's own last day."""
    meetings = read_document(data / "demo" / "meetings-2026.yaml").content["meetings"]
    later = read_document(data / "demo" / "continuation-2026.yaml").content
    tasks = {task["code"]: task for meeting in meetings for task in meeting["tasks"]}
    for meeting in meetings:
        code = meeting["code"]
        yield from steps_of_meeting({**meeting, "minutes": later["minutes"].get(code, meeting["minutes"])}, tasks)
    yield from _deliveries(later["deliveries"])
    yield from _releases(later["releases"])


def steps_of_meeting(meeting: Mapping[str, Any], tasks: Mapping[str, Any]) -> Iterator[Step]:
    """Everything about one meeting; `tasks` are those of all meetings by code: a decision may carry one over."""
    write = _Writer(meeting)
    called = {name: meeting[name] for name in ("code", "about", "starts_at", "mode", "place", "agenda")}
    yield write("call", _on(meeting["invited_on"], _INVITED_AT), "/plan/api/meetings", called)
    if meeting["status"] == "scheduled":
        return
    starts, code = meeting["starts_at"], meeting["code"]
    held = {name: meeting[name] for name in ("attendance", "excused")}
    yield write("hold", starts, f"{write.path}/hold", held)
    own = {task["code"] for task in meeting["tasks"]}
    for decision in meeting["decisions"]:
        body = _decision(decision, own, tasks)
        yield write("decide", starts, f"{write.path}/decisions", body, subject=decision["code"])
    for verdict in meeting["verdicts"]:
        body = {**{name: verdict[name] for name in ("verdict", "text", "evidence")}, "meeting": code}
        yield write("verdict", starts, _result(verdict, "verdicts"), body, subject=verdict["result"])
    for dissent in meeting["dissents"]:
        body, who = {"text": dissent["text"], "meeting": code}, dissent["institution"]
        yield write("dissent", starts, _result(dissent, "dissents"), body, who, dissent["result"])
    for task in meeting["tasks"]:
        if task["done_on"]:
            who = COORDINATOR if task["owner"] == _MINISTRY else task["owner"]
            path = f"/plan/api/tasks/{task['code']}/done"
            yield write("finish", _on(task["done_on"], _DONE_AT), path, {}, who, task["code"])
    yield from _minutes(write, meeting["minutes"])


def _decision(decision: Json, own: set[str], tasks: Mapping[str, Any]) -> Json:
    """The decision with the tasks it gives; one that names a task of an earlier meeting carries it over."""
    names = ("code", "owner", "due", "text")
    given = [{name: tasks[code][name] for name in names} for code in decision["tasks"] if code in own]
    carried = [{"task": code, "due": tasks[code]["carried_to"]} for code in decision["tasks"] if code not in own]
    return {"code": decision["code"], "text": decision["text"], "tasks": given, "carries": carried}


def _minutes(write: _Writer, minutes: Json) -> Iterator[Step]:
    if not minutes["circulated_at"]:
        return
    path = f"{write.path}/minutes"
    yield write("circulate", minutes["circulated_at"], f"{path}/circulate", {})
    for one in minutes["amendments"]:
        body = {name: one[name] for name in ("code", "agenda_item", "text")}
        yield write("amend", one["at"], f"{path}/amendments", body, one["institution"], one["code"])
        answer = {name: one[name] for name in ("outcome", "reason")}
        decided = f"{path}/amendments/{one['code']}/decide"
        yield write("answer", one["decided_at"], decided, answer, subject=one["code"])
    if minutes["approved_at"]:
        yield write("approve", minutes["approved_at"], f"{path}/approve", {})


def _deliveries(given: Iterable[Json]) -> Iterator[Step]:
    for one in given:
        yield Step(
            at=_instant(one["at"]),
            key=f"demonstration/{one['deadline']}/{one['due']}/deliver",
            who=COORDINATOR,
            action="deliver",
            period=one["due"][:4],
            path=f"/plan/api/legal-deadlines/{one['deadline']}/met",
            body={"due": one["due"]},
            subject=one["deadline"],
        )


def _releases(given: Iterable[Json]) -> Iterator[Step]:
    for one in given:
        yield Step(
            at=_instant(one["at"]),
            key=f"demonstration/{one['period']}/{one['at']}/release",
            who=COORDINATOR,
            action="release",
            period=one["period"],
            path=f"/statistics/api/quarters/{one['period']}/releases",
            body={},
        )


def _result(given: Json, what: str) -> str:
    return f"/plan/api/plans/{PLAN}/results/{given['result']}/{what}"


class _Writer:
    """Makes the steps of one meeting."""

    def __init__(self, meeting: Mapping[str, Any]) -> None:
        self._code, self._about = meeting["code"], meeting["about"]
        self.path = f"/plan/api/meetings/{self._code}"

    def __call__(
        self, action: Action, at: str, path: str, body: Json, who: str = COORDINATOR, subject: str = ""
    ) -> Step:
        return Step(
            at=_instant(at),
            key="/".join(filter(None, ("demonstration", self._code, subject, action))),
            who=who,
            action=action,
            period=self._about,
            path=path,
            body=body,
            subject=subject or self._code,
        )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _on(day: str, hour: time) -> str:
    return datetime.combine(date.fromisoformat(day), hour, RIGA).isoformat()
