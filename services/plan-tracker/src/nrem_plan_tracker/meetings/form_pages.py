"""Forms of meetings: call, move, cancel, record attendance."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from nrem_plan_tracker.meetings import commands, domain
from nrem_plan_tracker.meetings.api import known_meeting
from nrem_plan_tracker.meetings.bodies import CancelBody, HoldBody, MoveBody, ScheduleBody
from nrem_plan_tracker.screens.forms import (
    Field,
    Form,
    act,
    body,
    in_both_languages,
    moment_of,
    sent,
    text_of,
    why_closed,
)
from nrem_plan_tracker.screens.showing import names_of, root_of, show_form
from nrem_plan_tracker.sources import store as sources
from nrem_shared.contracts.meetings import MeetingStream
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

_MODES = ("hybrid", "in_person", "online")
_TIME = {"/starts_at": "starts_on"}


def _when(values: dict[str, Any], meeting: MeetingStream | None = None) -> tuple[Field, ...]:
    local = meeting.starts_at.astimezone(RIGA) if meeting else None
    day, time = (local.date().isoformat(), local.strftime("%H:%M")) if local else ("", "10:00")
    return (
        Field("date", "starts_on", "meetings.day", values.get("starts_on", day), required=True),
        Field("time", "starts_time", "meetings.time", values.get("starts_time", time), required=True),
    )


def _place(request: Request, values: dict[str, Any], meeting: MeetingStream | None = None) -> tuple[Field, ...]:
    translate = translator_of(request)
    place = meeting.place if meeting else None
    return (
        Field(
            "radio",
            "mode",
            "meetings.mode",
            values.get("mode", meeting.mode if meeting else "hybrid"),
            options=[(one, translate(f"meetings.mode.{one}")) for one in _MODES],
        ),
        Field("text", "place_lv", "meetings.place_lv", values.get("place_lv", place.lv if place else "")),
        Field("text", "place_en", "meetings.place_en", values.get("place_en", (place.en or "") if place else "")),
    )


@router.get("/meetings/new")
async def schedule_form(request: Request) -> HTMLResponse:
    """Call the working group together."""
    return await _schedule_page(request, {}, [], 200)


@router.post("/meetings/new")
async def schedule(request: Request) -> Response:
    """Called, with the proposed agenda; or what is wrong with it."""
    values = await sent(request)
    about = values.get("about", "")

    async def work(writing: Any) -> None:
        given = {"about": about, "mode": values.get("mode"), "place": text_of(values, "place")}
        given |= {"starts_at": moment_of(values, "starts_on", "starts_time")}
        await commands.schedule(writing, body(ScheduleBody, given))

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _schedule_page(request, values, errors, status)

    return await act(request, f"{root_of(request)}/meetings/M-{about}", work, again, _TIME)


async def _schedule_page(
    request: Request, values: dict[str, Any], errors: list[FieldError], status: int
) -> HTMLResponse:
    translate = translator_of(request)
    async with runtime_of(request).pool.acquire() as conn:
        periods = [one.code for one in await sources.periods(conn)]
    options = [(one, translate("meetings.quarter", year=one[:4], quarter=one[-1])) for one in periods]
    about = Field("select", "about", "meetings.about", values.get("about", ""), options=options, empty="form.choose")
    fields = (about, *_when(values), *_place(request, values))
    form = Form(
        "/meetings/new",
        "meetings.call",
        "/meetings",
        translate("meetings.back"),
        fields,
        translate("meetings.call_intro"),
    )
    return await show_form(request, form, "meetings.new", {}, errors, status)


@router.get("/meetings/{code}/move")
async def move_form(request: Request, code: str) -> HTMLResponse:
    """Another time or place."""
    return await _move_page(request, code, {}, [], 200)


@router.post("/meetings/{code}/move")
async def move(request: Request, code: str) -> Response:
    """Moved, or what is wrong with it."""
    values = await sent(request)

    async def work(writing: Any) -> None:
        given = {"mode": values.get("mode"), "place": text_of(values, "place"), "reason": text_of(values, "reason")}
        given |= {"starts_at": moment_of(values, "starts_on", "starts_time")}
        await commands.move(writing, code, body(MoveBody, given))

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _move_page(request, code, values, errors, status)

    return await act(request, f"{root_of(request)}/meetings/{code}", work, again, _TIME)


async def _move_page(
    request: Request, code: str, values: dict[str, Any], errors: list[FieldError], status: int
) -> HTMLResponse:
    meeting = (await known_meeting(request, code)).meeting
    fields = (
        *_when(values, meeting),
        *_place(request, values, meeting),
        *in_both_languages(values, "reason", "form.reason"),
    )
    closed = None if errors else why_closed(translator_of(request), lambda: domain.only_scheduled(meeting))
    form = _meeting_form(request, code, "move", "meetings.move", fields, closed=closed)
    return await show_form(request, form, "meetings.move_title", {"code": code}, errors, status)


@router.get("/meetings/{code}/cancel")
async def cancel_form(request: Request, code: str) -> HTMLResponse:
    """Call it off."""
    return await _cancel_page(request, code, {}, [], 200)


@router.post("/meetings/{code}/cancel")
async def cancel(request: Request, code: str) -> Response:
    """Cancelled, or why not."""
    values = await sent(request)

    async def work(writing: Any) -> None:
        await commands.cancel(writing, code, body(CancelBody, {"reason": text_of(values, "reason")}))

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _cancel_page(request, code, values, errors, status)

    return await act(request, f"{root_of(request)}/meetings/{code}", work, again)


async def _cancel_page(
    request: Request, code: str, values: dict[str, Any], errors: list[FieldError], status: int
) -> HTMLResponse:
    meeting = (await known_meeting(request, code)).meeting
    closed = None if errors else why_closed(translator_of(request), lambda: domain.only_scheduled(meeting))
    fields = in_both_languages(values, "reason", "form.reason")
    form = _meeting_form(request, code, "cancel", "meetings.cancel", fields, "warning", closed)
    return await show_form(request, form, "meetings.cancel_title", {"code": code}, errors, status)


@router.get("/meetings/{code}/hold")
async def hold_form(request: Request, code: str) -> HTMLResponse:
    """Who was there."""
    return await _hold_page(request, code, None, [], 200)


@router.post("/meetings/{code}/hold")
async def hold(request: Request, code: str) -> Response:
    """Attendance recorded, or what is wrong with it."""
    values = await sent(request, "present", "online", "excused")

    async def work(writing: Any) -> None:
        there = [{"institution": one, "roles": ["focal_point"]} for one in values.get("present", ())]
        there += [
            {"institution": one, "roles": ["focal_point"], "mode": "online"}
            for one in values.get("online", ())
            if one not in values.get("present", ())
        ]
        await commands.hold(writing, code, body(HoldBody, {"attendance": there, "excused": values.get("excused", [])}))

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _hold_page(request, code, values, errors, status)

    fields = {"/attendance": "present", "/excused": "excused"}
    return await act(request, f"{root_of(request)}/meetings/{code}", work, again, fields)


async def _hold_page(
    request: Request, code: str, values: dict[str, Any] | None, errors: list[FieldError], status: int
) -> HTMLResponse:
    meeting = (await known_meeting(request, code)).meeting
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
    options = [(one, names.short(one)) for one in meeting.invited]
    chosen = values or {"present": list(meeting.invited)}
    fields = (
        Field("checkboxes", "present", "meetings.present", chosen.get("present", []), options=options),
        Field("checkboxes", "online", "meetings.online", chosen.get("online", []), options=options),
        Field("checkboxes", "excused", "meetings.excused", chosen.get("excused", []), options=options),
    )
    now = runtime_of(request).clock.now()
    closed = None if errors else why_closed(translator_of(request), lambda: domain.may_be_held(meeting, now))
    form = _meeting_form(request, code, "hold", "meetings.hold", fields, closed=closed)
    return await show_form(request, form, "meetings.hold_title", {"code": code}, errors, status)


def _meeting_form(
    request: Request,
    code: str,
    what: str,
    submit: str,
    fields: tuple[Field, ...],
    kind: Any = "primary",
    closed: str | None = None,
) -> Form:
    path, back = f"/meetings/{code}", translator_of(request)("meetings.back_to", code=code)
    return Form(f"{path}/{what}", submit, path, back, fields, kind=kind, closed=closed)
