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
from nrem_plan_tracker.minutes import commands, store
from nrem_plan_tracker.minutes.api import known_minutes
from nrem_plan_tracker.minutes.bodies import AmendmentBody, DecideBody
from nrem_plan_tracker.minutes.domain import Minutes, takes_amendments, undecided
from nrem_plan_tracker.progress.reading import plan_for
from nrem_plan_tracker.refusals import unknown
from nrem_plan_tracker.releases import store as releases_store
from nrem_plan_tracker.releases.domain import ReportedFigures, figures_for
from nrem_plan_tracker.screens.forms import Field, Form, act, body, choice, in_both_languages, sent, text_of, why_closed
from nrem_plan_tracker.screens.showing import names_of, root_of, show, show_form, today_of
from nrem_plan_tracker.verdicts.api import speaks_for
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.released import ReleasedTables
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
    """The quarterly report: approved minutes, and the figures that statistics released."""
    kept = (await known_minutes(request, code)).minutes
    if kept.state != "approved" or kept.approved_at is None:
        raise problem_of(request, unknown("no_minutes_yet", named=code[:40]))
    counted = Counter(item.kind for report in kept.document.reports for item in report.items)
    formats = request.app.state.site.templates.formats(translator_of(request).language)
    figures = await read_figures(request, kept)
    return await _show(
        request,
        "report.html",
        "report.title",
        {"year": kept.about[:4], "quarter": kept.about[-1]},
        minutes=kept,
        document=kept.document,
        meeting=(await known_meeting(request, code)).meeting,
        counted=sorted(counted.items()),
        figures=figures,
        known_on=quote(kept.approved_at.astimezone(RIGA).isoformat(timespec="seconds")),
        tables=ReleasedTables(figures.shown.document, formats) if figures.shown else None,
        revised=[
            (one, ReleasedTables(one.document, formats, f"revised-{one.document.period}-{one.document.version}"))
            for one in figures.revised
        ],
    )


async def read_figures(request: Request, kept: Minutes) -> ReportedFigures:
    """What statistics released, as it belongs to the report of these approved minutes."""
    assert kept.approved_at is not None  # noqa: S101 - reports are made of approved minutes alone
    async with runtime_of(request).pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        releases = await releases_store.releases_up_to(conn, kept.about)
        others = (await store.all_minutes(conn)).values()
    approvals = [one.approved_at for one in others if one.approved_at and one.approved_at < kept.approved_at]
    return figures_for(kept.about, kept.approved_at, max(approvals, default=None), releases)


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
    fields: tuple[Field, ...] = (
        choice(values, "agenda_item", "minutes.item", items),
        *in_both_languages(values, "text", "minutes.text", required=True),
    )
    if sees_all(request):
        options = [(one, names.short(one)) for one in kept.invited]
        fields = (choice(values, "institution", "result.institution", options), *fields)
    now = runtime_of(request).clock.now()
    closed = None if errors else why_closed(translator_of(request), lambda: takes_amendments(kept, now))
    form = _form(request, code, "amend", "minutes.propose", fields, closed=closed)
    return await show_form(request, form, "minutes.amend_title", {"code": code}, errors, status)


@router.get("/meetings/{code}/amendments/{amendment}")
async def decide_form(request: Request, code: str, amendment: str) -> HTMLResponse:
    """Accept or reject a change."""
    return await _decide_page(request, code, amendment, {}, [], 200)


_REASON = {"/reason": "reason_lv", "/reason/en": "reason_en"}


@router.post("/meetings/{code}/amendments/{amendment}")
async def decide(request: Request, code: str, amendment: str) -> Response:
    """Decided, or what is missing."""
    values = await sent(request)

    async def work(writing: Any) -> None:
        given = {"outcome": values.get("outcome"), "reason": text_of(values, "reason")}
        await commands.decide(writing, code, amendment, body(DecideBody, given))

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _decide_page(request, code, amendment, values, errors, status)

    return await act(request, f"{root_of(request)}/meetings/{code}/minutes", work, again, _REASON)


async def _decide_page(
    request: Request, code: str, amendment: str, values: dict[str, Any], errors: list[FieldError], status: int
) -> HTMLResponse:
    kept = (await known_minutes(request, code)).minutes
    found = next((a for a in kept.amendments if a.code == amendment), None)
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
        *in_both_languages(values, "reason", "form.reason", required=True),
    )
    intro = f"{found.institution.upper()}: {formats.localized(found.text)}"
    closed = None if errors else why_closed(translate, lambda: undecided(kept, amendment))
    form = _form(request, code, f"amendments/{amendment}", "minutes.decide", fields, intro, closed)
    return await show_form(request, form, "minutes.decide_title", {"code": amendment}, errors, status)


def _form(
    request: Request,
    code: str,
    what: str,
    submit: str,
    fields: tuple[Field, ...],
    intro: str | None = None,
    closed: str | None = None,
) -> Form:
    path = f"/meetings/{code}"
    back = translator_of(request)("minutes.back", code=code)
    return Form(f"{path}/{what}", submit, f"{path}/minutes", back, fields, intro, closed=closed)


async def _show(
    request: Request,
    template: str,
    title: str,
    values: dict[str, Any],
    **items: Any,
) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
        plan = await plan_for(conn, items["minutes"].about)
    return show(
        request,
        template,
        title=title,
        title_values=values,
        section="section.meetings",
        names=names,
        plan=plan.code if plan else None,
        **items,
    )
