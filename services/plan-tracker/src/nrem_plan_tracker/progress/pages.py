"""Pages of one result: what it asks for, what members say, the verdict and its history; the forms beside it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from nrem_plan_tracker.answers import problem_of
from nrem_plan_tracker.asking import AsKnownOn, instant_of, own_member, sees_all
from nrem_plan_tracker.meetings import store as meetings
from nrem_plan_tracker.plans import store as plans
from nrem_plan_tracker.progress.reading import PlanProgressKnown, read_progress
from nrem_plan_tracker.recommendations import store as recommendations
from nrem_plan_tracker.refusals import unknown
from nrem_plan_tracker.screens.forms import Field, Form, act, body, choice, in_both_languages, sent, text_of
from nrem_plan_tracker.screens.showing import Names, names_of, show, show_form
from nrem_plan_tracker.verdicts import commands
from nrem_plan_tracker.verdicts.api import speaks_for
from nrem_plan_tracker.verdicts.bodies import DissentBody, VerdictBody
from nrem_shared.contracts.plans import PlanResult
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

_PATH = "/plans/{plan}/results/{result}"
STATUSES = ("in_progress", "completed", "partially_completed", "not_completed", "not_started", "cancelled")


@router.get(_PATH)
async def result_page(request: Request, plan: str, result: str, as_known_on: AsKnownOn = None) -> HTMLResponse:
    """As known on a day."""
    instant = instant_of(request, as_known_on)
    async with runtime_of(request).pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        found = await plans.plan(conn, plan)
        if found is None:
            raise problem_of(request, unknown("no_such_plan", named=plan[:40]))
        member = None if sees_all(request) else own_member(request) or "-"
        known = await read_progress(conn, found[1], instant, member=member)
        others = [one for _, one in await plans.plans(conn)]
        advised = [one for _, one in (await recommendations.all_recommendations(conn)).values()]
        names = await names_of(conn)
    one = _one(request, known, result)
    return show(
        request,
        "result.html",
        title="result.title",
        title_values={"code": result},
        section="section.plan",
        names=names,
        plan=found[1],
        one=one,
        result=one.result,
        illustrative=known.illustrative,
        measures={each.code: one.measures(each) for each in one.result.indicators},
        continued=[(p, r) for p in others for r in p.results if r.code in one.result.continues_in and p.code != plan],
        continues=[(p, r) for p in others for r in p.results if result in r.continues_in and p.code != plan],
        advised=[each for each in advised if any((k.plan, k.result) == (plan, result) for k in each.links)],
        shows_reports=sees_all(request) or own_member(request) is not None,
        asked=local_date(instant) if as_known_on else None,
    )


def _one(request: Request, known: PlanProgressKnown, code: str) -> Any:
    one = known.result(code)
    if one is None:
        raise problem_of(request, unknown("no_such_result", named=code[:20]))
    return one


@router.get(f"{_PATH}/verdict")
async def verdict_form(request: Request, plan: str, result: str) -> HTMLResponse:
    """The coordinator's form."""
    return await _verdict_page(request, plan, result, {}, [], 200)


@router.post(f"{_PATH}/verdict")
async def give(request: Request, plan: str, result: str) -> Response:
    """Give the verdict, or show what is wrong with it."""
    values = await sent(request)

    async def work(writing: Any) -> None:
        evidence = {"submission": values.get("submission"), "ref": values.get("ref") or None}
        given = {name: values.get(name) for name in ("verdict", "meeting")}
        given |= {"text": text_of(values, "text") or {"lv": ""}}
        given |= {"evidence": evidence if evidence["submission"] else None}
        await commands.give(writing, plan, result, body(VerdictBody, given))

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _verdict_page(request, plan, result, values, errors, status)

    fields = {"/evidence": "submission", "/evidence/submission": "submission", "/evidence/ref": "ref"}
    root = request.scope.get("root_path", "")
    return await act(request, f"{root}/plans/{plan}/results/{result}", work, again, fields)


async def _verdict_page(
    request: Request, plan: str, code: str, values: dict[str, Any], errors: list[FieldError], status: int
) -> HTMLResponse:
    result, known, _, held = await _material(request, plan, code)
    translate = translator_of(request)
    submissions = [ref for said in known.assessments.values() for ref in said.references]
    fields = (
        Field(
            "radio",
            "verdict",
            "result.verdict",
            values.get("verdict", ""),
            options=[(one, translate(f"status.plan_result.{one}")) for one in STATUSES],
        ),
        *in_both_languages(values, "text", "form.text", required=True),
        Field(
            "select",
            "submission",
            "result.evidence_submission",
            values.get("submission", ""),
            "result.evidence_hint",
            [(one, one) for one in submissions],
            empty="form.none",
        ),
        Field("text", "ref", "result.evidence_ref", values.get("ref", ""), "result.evidence_ref_hint"),
        choice(values, "meeting", "result.meeting", [(one, one) for one in held]),
    )
    form = _form(request, plan, code, "verdict", "result.give_verdict", fields, result)
    return await show_form(request, form, "result.verdict_title", {"code": code}, errors, status, "section.plan")


@router.get(f"{_PATH}/dissent")
async def dissent_form(request: Request, plan: str, result: str) -> HTMLResponse:
    """A member's form, or the coordinator's for an organisation."""
    return await _dissent_page(request, plan, result, {}, [], 200)


@router.post(f"{_PATH}/dissent")
async def dissent(request: Request, plan: str, result: str) -> Response:
    """Record the dissent, or show what is wrong with it."""
    values = await sent(request)

    async def work(writing: Any) -> None:
        given = body(DissentBody, {"text": text_of(values, "text") or {"lv": ""}})
        institution = speaks_for(request, values.get("institution") or None)
        await commands.dissent(writing, plan, result, institution, given)

    async def again(errors: list[FieldError], status: int) -> Response:
        return await _dissent_page(request, plan, result, values, errors, status)

    root = request.scope.get("root_path", "")
    return await act(request, f"{root}/plans/{plan}/results/{result}", work, again)


async def _dissent_page(
    request: Request, plan: str, code: str, values: dict[str, Any], errors: list[FieldError], status: int
) -> HTMLResponse:
    result, known, names, _ = await _material(request, plan, code)
    fields: tuple[Field, ...] = in_both_languages(values, "text", "form.text", required=True)
    if sees_all(request):
        options = [(one, names.short(one)) for one in sorted(names.known)]
        fields = (choice(values, "institution", "result.institution", options), *fields)
    missing = not errors and known.verdict is None
    closed = translator_of(request)("refusal.no_verdict_yet", named=code) if missing else None
    form = _form(request, plan, code, "dissent", "result.record_dissent", fields, result, closed)
    return await show_form(request, form, "result.dissent_title", {"code": code}, errors, status, "section.plan")


def _form(
    request: Request,
    plan: str,
    code: str,
    what: str,
    submit: str,
    fields: tuple[Field, ...],
    result: PlanResult,
    closed: str | None = None,
) -> Form:
    path = f"/plans/{plan}/results/{code}"
    formats = request.app.state.site.templates.formats(translator_of(request).language)
    back = translator_of(request)("result.back", code=code)
    return Form(f"{path}/{what}", submit, path, back, fields, formats.localized(result.title), closed=closed)


async def _material(request: Request, plan: str, code: str) -> tuple[PlanResult, Any, Names, list[str]]:
    runtime = runtime_of(request)
    now = runtime.clock.now()
    async with runtime.pool.acquire() as conn:
        found = await plans.plan(conn, plan)
        if found is None:
            raise problem_of(request, unknown("no_such_plan", named=plan[:40]))
        known = await read_progress(conn, found[1], now, member=None if sees_all(request) else own_member(request))
        names = await names_of(conn)
        begun = [one.meeting.code for one in await meetings.meetings(conn) if one.meeting.state == "held"]
    one = _one(request, known, code)
    return one.result, one, names, begun
