"""Pages of tasks and the form of a decision."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from nrem_plan_tracker.asking import own_member, sees_all
from nrem_plan_tracker.meetings.api import known_meeting
from nrem_plan_tracker.minutes import store as minutes
from nrem_plan_tracker.screens.forms import Field, Form, act, body, choice, in_both_languages, sent, text_of, why_closed
from nrem_plan_tracker.screens.showing import names_of, root_of, show, show_form, today_of
from nrem_plan_tracker.tasks import commands, store
from nrem_plan_tracker.tasks.bodies import DecisionBody, DoneBody
from nrem_plan_tracker.tasks.domain import takes_decisions
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/tasks")
async def tasks_page(request: Request) -> HTMLResponse:
    """A member's own, or everybody's for the ministry; open ones first."""
    return await _tasks_page(request, [], 200)


async def _tasks_page(request: Request, errors: list[FieldError], status: int) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        known = [one.task for one in (await store.tasks(conn)).values()]
        decisions = await store.decisions(conn)
        names = await names_of(conn)
    mine = [one for one in known if sees_all(request) or one.owner == own_member(request)]
    today = today_of(request)
    return show(
        request,
        "tasks.html",
        title="tasks.title",
        section="section.tasks",
        names=names,
        status=status,
        errors=errors,
        open=sorted((one for one in mine if one.state == "open"), key=lambda one: one.due),
        ended=[one for one in mine if one.state != "open"],
        decisions=decisions,
        overdue=sum(one.overdue(today) for one in mine),
    )


@router.post("/tasks/{code}/done")
async def done(request: Request, code: str) -> Response:
    """Report it done today, or on the day given."""
    values = await sent(request)
    member = None if sees_all(request) else own_member(request) or ""

    async def work(writing: Any) -> None:
        given = body(DoneBody, {"done_on": values.get("done_on")})
        await commands.report_done(writing, code, given.done_on, member)

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _tasks_page(request, [FieldError(None, one.message, one.values) for one in errors], status)

    return await act(request, f"{root_of(request)}/tasks", work, again)


@router.get("/meetings/{code}/decisions")
async def decision_form(request: Request, code: str) -> HTMLResponse:
    """A decision with at most one task; several tasks are several decisions, or sent over the API."""
    return await _decision_page(request, code, {}, [], 200)


@router.post("/meetings/{code}/decisions")
async def decide(request: Request, code: str) -> Response:
    """Recorded, or what is wrong with it."""
    values = await sent(request)

    async def work(writing: Any) -> None:
        await commands.decide(writing, code, body(DecisionBody, _decision(values)))

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _decision_page(request, code, values, errors, status)

    return await act(request, f"{root_of(request)}/meetings/{code}", work, again, _FIELDS)


_FIELDS = {
    "/tasks/0/owner": "owner",
    "/tasks/0/due": "due",
    "/tasks/0/text": "task_lv",
    "/tasks/0/text/lv": "task_lv",
    "/tasks/0/text/en": "task_en",
    "/carries/0/task": "carried",
    "/carries/0/due": "carried_due",
    "/drops/0": "dropped",
}


def _decision(values: dict[str, Any]) -> dict[str, Any]:
    task = {
        "owner": values.get("owner"),
        "due": values.get("due"),
        "text": text_of(values, "task") or {"lv": ""},
    }
    gives = any((values.get("owner"), values.get("due"), values.get("task_lv"), values.get("task_en")))
    carried = {"task": values.get("carried"), "due": values.get("carried_due")}
    return {
        "text": text_of(values, "text") or {"lv": ""},
        "tasks": [task] if gives else [],
        "carries": [carried] if carried["task"] else [],
        "drops": [values["dropped"]] if values.get("dropped") else [],
    }


async def _decision_page(
    request: Request, code: str, values: dict[str, Any], errors: list[FieldError], status: int
) -> HTMLResponse:
    meeting = (await known_meeting(request, code)).meeting
    translate = translator_of(request)
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
        minuted = await minutes.minutes(conn, code) is not None
        known = [one.task for one in (await store.tasks(conn)).values() if one.task.state == "open"]
    formats = request.app.state.site.templates.formats(translate.language)
    owners = [(one, names.short(one)) for one in sorted(names.known)]
    open_tasks = [(one.code, f"{one.code} {formats.localized(one.text)}") for one in known]

    def said(name: str) -> str:
        return str(values.get(name, ""))

    fields = (
        *in_both_languages(values, "text", "tasks.decision", required=True),
        Field("select", "owner", "tasks.gives_owner", said("owner"), "tasks.gives_hint", owners, empty="form.none"),
        Field("date", "due", "tasks.due", said("due")),
        *in_both_languages(values, "task", "tasks.task"),
        choice(values, "carried", "tasks.carries", open_tasks),
        Field("date", "carried_due", "tasks.carried_due", said("carried_due")),
        choice(values, "dropped", "tasks.drops", open_tasks),
    )
    back = translate("meetings.back_to", code=code)
    closed = None if errors else why_closed(translate, lambda: takes_decisions(meeting, minuted=minuted))
    form = Form(
        f"/meetings/{code}/decisions", "meetings.record_decision", f"/meetings/{code}", back, fields, closed=closed
    )
    return await show_form(request, form, "tasks.decision_title", {"code": code}, errors, status)
