"""Pages of minutes: the text with its amendments, the forms to amend and decide, and the quarterly report."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from nrem_plan_tracker.answers import problem_of
from nrem_plan_tracker.asking import own_member, sees_all
from nrem_plan_tracker.meetings.api import known_meeting
from nrem_plan_tracker.minutes import commands
from nrem_plan_tracker.minutes.api import known_minutes
from nrem_plan_tracker.minutes.bodies import AmendmentBody, DecideBody
from nrem_plan_tracker.progress.reading import plan_for
from nrem_plan_tracker.refusals import unknown
from nrem_plan_tracker.screens.forms import Field, Form, act, body, sent, text_of
from nrem_plan_tracker.screens.showing import names_of, root_of, show, today_of
from nrem_plan_tracker.verdicts.api import speaks_for
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/meetings/{code}/minutes")
async def minutes_page(request: Request, code: str) -> HTMLResponse:
    """For the ministry and those invited."""
    kept = (await known_minutes(request, code)).minutes
    return await _show(
        request,
        "minutes.html",
        "minutes.title",
        {"code": code},
        minutes=kept,
        document=kept.document,
        meeting=(await known_meeting(request, code)).meeting,
        may_amend=kept.state == "circulated"
        and today_of(request) <= kept.amendments_due
        and (own_member(request) in kept.invited or sees_all(request)),
    )


@router.get("/meetings/{code}/report")
async def report_page(request: Request, code: str) -> HTMLResponse:
    """The quarterly report: approved minutes, and the way to the figures as they were known."""
    kept = (await known_minutes(request, code)).minutes
    if kept.state != "approved" or kept.approved_at is None:
        raise problem_of(request, unknown("no_minutes_yet", named=code[:40]))
    counted = Counter(item.kind for report in kept.document.reports for item in report.items)
    return await _show(
        request,
        "report.html",
        "report.title",
        {"year": kept.about[:4], "quarter": kept.about[-1]},
        minutes=kept,
        document=kept.document,
        meeting=(await known_meeting(request, code)).meeting,
        counted=sorted(counted.items()),
        known_on=quote(kept.approved_at.astimezone(RIGA).isoformat(timespec="seconds")),
        known_at=quote(kept.document.basis.known_at.astimezone(RIGA).isoformat(timespec="seconds")),
    )


@router.get("/meetings/{code}/amend")
async def amend_form(request: Request, code: str) -> HTMLResponse:
    """Ask for a change."""
    return await _amend_page(request, code, {}, [], 200)


@router.post("/meetings/{code}/amend")
async def amend(request: Request, code: str) -> Response:
    """Proposed, or why not."""
    values = await sent(request)
    await known_minutes(request, code)

    async def work(writing: Any) -> None:
        given = {"text": text_of(values, "text") or {"lv": ""}, "agenda_item": values.get("agenda_item")}
        institution = speaks_for(request, values.get("institution") or None)
        await commands.propose(writing, code, institution, body(AmendmentBody, given))

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _amend_page(request, code, values, errors, status)

    return await act(request, f"{root_of(request)}/meetings/{code}/minutes", work, again)


async def _amend_page(
    request: Request, code: str, values: dict[str, Any], errors: list[FieldError], status: int
) -> HTMLResponse:
    kept = (await known_minutes(request, code)).minutes
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
    formats = request.app.state.site.templates.formats(translator_of(request).language)
    items = [(str(one.item), f"{one.item}. {formats.localized(one.text)}") for one in kept.document.agenda]
    fields = [
        Field("select", "agenda_item", "minutes.item", values.get("agenda_item", ""), options=items, empty="form.none"),
        Field("area", "text_lv", "minutes.text_lv", values.get("text_lv", ""), required=True),
        Field("area", "text_en", "minutes.text_en", values.get("text_en", "")),
    ]
    if sees_all(request):
        options = [(one, names.short(one)) for one in kept.invited]
        chosen = values.get("institution", "")
        fields.insert(
            0, Field("select", "institution", "result.institution", chosen, options=options, empty="form.none")
        )
    form = _form(request, code, "amend", "minutes.propose", tuple(fields))
    return await _show(request, "form.html", "minutes.amend_title", {"code": code}, errors, status, form=form)


@router.get("/meetings/{code}/amendments/{amendment}")
async def decide_form(request: Request, code: str, amendment: str) -> HTMLResponse:
    """Accept or reject a change."""
    return await _decide_page(request, code, amendment, {}, [], 200)


@router.post("/meetings/{code}/amendments/{amendment}")
async def decide(request: Request, code: str, amendment: str) -> Response:
    """Decided, or what is missing."""
    values = await sent(request)

    async def work(writing: Any) -> None:
        given = {"outcome": values.get("outcome"), "reason": text_of(values, "reason")}
        await commands.decide(writing, code, amendment, body(DecideBody, given))

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _decide_page(request, code, amendment, values, errors, status)

    return await act(request, f"{root_of(request)}/meetings/{code}/minutes", work, again, {"/reason": "reason_lv"})


async def _decide_page(
    request: Request, code: str, amendment: str, values: dict[str, Any], errors: list[FieldError], status: int
) -> HTMLResponse:
    found = next((a for a in (await known_minutes(request, code)).minutes.amendments if a.code == amendment), None)
    if found is None:
        raise problem_of(request, unknown("no_such_amendment", named=amendment[:40]))
    translate = translator_of(request)
    formats = request.app.state.site.templates.formats(translate.language)
    fields = (
        Field(
            "radio",
            "outcome",
            "minutes.outcome",
            values.get("outcome", ""),
            options=[(one, translate(f"minutes.outcome.{one}")) for one in ("accepted", "rejected")],
        ),
        Field("area", "reason_lv", "form.reason_lv", values.get("reason_lv", ""), required=True),
        Field("area", "reason_en", "form.reason_en", values.get("reason_en", "")),
    )
    intro = f"{found.institution.upper()}: {formats.localized(found.text)}"
    form = _form(request, code, f"amendments/{amendment}", "minutes.decide", fields, intro)
    return await _show(request, "form.html", "minutes.decide_title", {"code": amendment}, errors, status, form=form)


def _form(
    request: Request, code: str, what: str, submit: str, fields: tuple[Field, ...], intro: str | None = None
) -> Form:
    path = f"/meetings/{code}"
    back = translator_of(request)("minutes.back", code=code)
    return Form(f"{path}/{what}", submit, f"{path}/minutes", back, fields, intro)


async def _show(
    request: Request,
    template: str,
    title: str,
    values: dict[str, Any],
    errors: list[FieldError] | None = None,
    status: int = 200,
    **items: Any,
) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
        plan = await plan_for(conn, items["minutes"].about) if "minutes" in items else None
    return show(
        request,
        template,
        title=title,
        title_values=values,
        section="section.meetings",
        names=names,
        status=status,
        errors=errors or [],
        plan=plan.code if plan else None,
        **items,
    )
