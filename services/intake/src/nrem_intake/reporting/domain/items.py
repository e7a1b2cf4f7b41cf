"""The forms of activities, plan progress, future plans, challenges and funding: what stands, what was carried over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from nrem_intake.reporting.domain.activity_form import activity_form, activity_proposals
from nrem_intake.reporting.domain.controls import Control, ItemForm, Kind, Rows
from nrem_intake.reporting.domain.entries import PROPOSED, as_typed, stamp
from nrem_intake.reporting.domain.setting import Fields, Setting
from nrem_intake.submissions.domain.content_view import Detail
from nrem_intake.submissions.domain.labels import Text, both
from nrem_shared.contracts.submissions import FuturePlan, PlanProgress

Item = Mapping[str, Any]
Build = Callable[[str, Item, Setting], ItemForm]

MOST_OFFERED = 200


def item_forms(section: str, items: Iterable[Item], setting: Setting, more: str | None = None) -> tuple[ItemForm, ...]:
    """What the draft has, then what earlier quarters left open, then with `more` an empty one."""
    build, standing = _BUILD[section], list(items)
    proposals = _PROPOSE[section](standing, setting)
    if more is not None:
        proposals.append(_new(section, [*standing, *proposals], setting, more))
    forms = [build(f"/{section}/{place}", item, setting) for place, item in enumerate(standing)]
    for place, item in enumerate(proposals, start=len(standing)):
        forms.append(_proposed(section, build(f"/{section}/{place}", item, setting)))
    return tuple(forms)


def _proposed(section: str, form: ItemForm) -> ItemForm:
    """In the draft only once something was entered; an open challenge stays open unless somebody says otherwise."""
    if section == "challenges" and form.carried:
        return replace(form, filled=False, removable=False)
    mark = (f"{form.at}/{PROPOSED}", stamp(section, form.posted()))
    return replace(form, filled=False, removable=False, hidden=(*form.hidden, mark))


def _new(section: str, known: list[Item], setting: Setting, more: str) -> Item:
    if section == "activities":
        code = _next(f"{setting.period}-{setting.member}-", known, frozenset())
        return {"code": code, "type": more if more in setting.catalogue.codes("activity_type").usable else None}
    if section == "future_plans":
        return {"code": _next(f"FP-{setting.member}-", known, setting.history.codes)}
    if section == "challenges":
        return {"code": _next(f"CH-{setting.member}-", known, setting.history.codes), "state": "open"}
    return {}


def _next(prefix: str, known: Iterable[Item], used: frozenset[str]) -> str:
    taken = used | {as_typed(item.get("code")) for item in known}
    return next(f"{prefix}{n}" for n in range(1, 10_000) if f"{prefix}{n}" not in taken)


def _code(at: str, item: Item) -> tuple[tuple[str, str], ...]:
    return ((f"{at}/code", as_typed(item.get("code"))),) if item.get("code") else ()


def _plan_form(at: str, item: Item, setting: Setting) -> ItemForm:
    """A plan announced before is asked what became of it; a new one what it is and when."""
    fields, code = Fields(at, item), as_typed(item.get("code"))
    known = setting.history.plans.get(code)
    new = known is None
    text = fields.bilingual("text", "area", required=new)
    planned = fields.choice("planned_for", setting.coming, required=new)
    outcome = fields.choice("outcome", setting.options("plan_outcome"), hint=None if new else "report.hint.outcome")
    controls = [*(text if new or item.get("text") else ())]
    if new:
        controls += [planned, *([outcome] if item.get("outcome") else [])]
    else:
        controls += [outcome, planned]
    before = _plan_before(known) if known else ()
    return ItemForm(at, code, tuple(controls), hidden=_code(at, item), before=before, carried=not new)


def _plan_before(known: FuturePlan) -> tuple[Detail, ...]:
    found: list[Detail] = [both(known.text)] if known.text else []
    if known.planned_for:
        found.append(("content.planned_for", known.planned_for))
    return tuple(found)


def _plan_proposals(items: list[Item], setting: Setting) -> list[Item]:
    there = {item.get("code") for item in items}
    return [{"code": code} for code in setting.history.plans if code not in there]


def _challenge_form(at: str, item: Item, setting: Setting) -> ItemForm:
    fields, code = Fields(at, item), as_typed(item.get("code"))
    controls = (
        *fields.bilingual("text", "area", required=True),
        fields.choice("state", setting.options("challenge_state"), required=True),
    )
    return ItemForm(at, code, controls, hidden=_code(at, item), carried=code in setting.history.challenges)


def _challenge_proposals(items: list[Item], setting: Setting) -> list[Item]:
    there = {item.get("code") for item in items}
    return [one.model_dump(mode="json") for code, one in setting.history.challenges.items() if code not in there]


def _funding_form(at: str, item: Item, setting: Setting) -> ItemForm:
    fields = Fields(at, item)
    controls = (
        fields.choice("purpose", setting.options("funding_purpose"), required=True),
        fields.choice("source", setting.options("funding_source"), required=True),
        fields.control("amount_eur", "amount", required=True),
        fields.choice("project_code", setting.projects),
        fields.choice("plan_result", setting.results),
    )
    purpose = setting.labels.code("funding_purpose", as_typed(item.get("purpose")))
    return ItemForm(at, purpose, controls)


def _progress_form(at: str, item: Item, setting: Setting) -> ItemForm:
    fields, result, behalf = Fields(at, item), as_typed(item.get("result")), item.get("on_behalf_of")
    controls = (
        fields.choice("status", setting.options("action_status")),
        fields.control("delayed", "flag"),
        *fields.bilingual("text", "area"),
    )
    hidden = ((f"{at}/result", result),) + (((f"{at}/on_behalf_of", as_typed(behalf)),) if behalf else ())
    last = setting.history.progress.get((result, behalf))
    heading = setting.labels.result(result)
    return ItemForm(
        at,
        heading if isinstance(heading, str) else {tongue: f"{result} {text}" for tongue, text in heading.items()},
        controls,
        rows=(_measured(fields, result, setting), _evidence(fields, setting)),
        hidden=hidden,
        details=(("content.on_behalf_of", setting.labels.member(str(behalf))),) if behalf else (),
        before=_progress_before(last, setting) if last else (),
        carried=last is not None,
        removable=False,
        last=setting.labels.code("action_status", last.status) if last else "",
    )


def _progress_before(last: PlanProgress, setting: Setting) -> tuple[Detail, ...]:
    return (setting.labels.code("action_status", last.status), both(last.text))


def _measured(fields: Fields, result: str, setting: Setting) -> Rows:
    """One row for each indicator of the result; those of the draft keep their places."""
    given = fields.rows("measured")
    rule = setting.catalogue.results.get(result)
    there = {as_typed(row.get("indicator")) for row in given}
    lacking = [{"indicator": code} for code in sorted((rule.indicators if rule else frozenset()) - there)]
    rows, hidden, at = [], [], f"{fields.at}/measured"
    for place, row in enumerate([*given, *lacking]):
        code = as_typed(row.get("indicator"))
        label: Text = setting.labels.plan_indicators.get(code, code)
        kind: Kind = "yes_no" if code in setting.labels.without_number else "amount"
        rows.append((Control(f"{at}/{place}/to_date", label, kind, as_typed(row.get("to_date"))),))
        hidden.append(((f"{at}/{place}/indicator", code),))
    return Rows(at, "report.rows.measured", tuple(rows), "report.rows.measured.hint", tuple(hidden))


def _evidence(fields: Fields, setting: Setting) -> Rows:
    at, rows = f"{fields.at}/evidence", []
    given = fields.rows("evidence")
    for place, row in enumerate([*given, {}]):
        one = Fields(f"{at}/{place}", row)
        kind = one.choice("kind", setting.options("evidence_kind"))
        rows.append((*one.bilingual("title", "text"), kind, *_shown_by(one, setting)))
    return Rows(at, "report.rows.evidence", tuple(rows), "report.rows.evidence.hint", removable=len(given))


def _shown_by(row: Fields, setting: Setting) -> tuple[Control, ...]:
    """The file that was chosen; else a link or a document's number, or a file to choose."""
    reference = row.control("ref", "text")
    if file := setting.files.get(reference.value):
        return (replace(reference, kind="attached", label="report.field.file", attached=file),)
    if not setting.file_megabytes:
        return (reference,)
    chosen = Control(f"{row.at}/file", "report.field.file", "file", megabytes=setting.file_megabytes)
    return (chosen, replace(reference, label="report.field.ref_instead"))


def _progress_proposals(items: list[Item], setting: Setting) -> list[Item]:
    there = {(item.get("result"), item.get("on_behalf_of")) for item in items}
    return [
        {"result": result, **({"on_behalf_of": behalf} if behalf else {})}
        for result, behalf in setting.own_results
        if (result, behalf) not in there
    ]


def _nothing(items: list[Item], setting: Setting) -> list[Item]:  # noqa: ARG001
    return []


_BUILD: Mapping[str, Build] = {
    "activities": activity_form,
    "plan_progress": _progress_form,
    "future_plans": _plan_form,
    "challenges": _challenge_form,
    "funding": _funding_form,
}
_PROPOSE: Mapping[str, Callable[[list[Item], Setting], list[Item]]] = {
    "activities": activity_proposals,
    "plan_progress": _progress_proposals,
    "future_plans": _plan_proposals,
    "challenges": _challenge_proposals,
    "funding": _nothing,
}
