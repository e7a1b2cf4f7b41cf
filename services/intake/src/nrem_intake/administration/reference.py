"""Pages of reference data: what there is, how it came about, validity of a code, a new code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse
from pydantic_core import from_json

from nrem_intake.administration import store
from nrem_intake.administration.domain.differences import Difference, between
from nrem_intake.administration.forms import administration_at, current_of, day_faults, day_of, fault, written
from nrem_intake.administration.names import names_of
from nrem_intake.reference import commands
from nrem_intake.reference import store as reference_store
from nrem_intake.submissions.authorship import not_found
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import CodeList, CodeListEntry, Indicator
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.journal import Writing
    from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False)

Kind = Literal["codelist", "indicator", "project"]
Code = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Form(max_length=4000)]
KINDS: tuple[Kind, ...] = ("codelist", "indicator", "project")
_ITEM = "/administration/reference/{kind}/{code}"


@dataclass(frozen=True, slots=True)
class Step:
    """One version of an item: when, by whom, and what it changed; `differences` empty = it was new."""

    revision: int
    when: datetime
    by: str
    differences: tuple[Difference, ...]


@router.get("/administration/reference")
async def overview(request: Request) -> HTMLResponse:
    """Everything there is, by kind."""
    async with runtime_of(request).pool.acquire() as conn:
        items = {kind: await reference_store.of_kind(conn, kind) for kind in KINDS}
    return page(request, "intake/reference.html", title="administration.reference", kinds=items, **_common(request))


@router.get(_ITEM)
async def item(request: Request, kind: Kind, code: Code) -> HTMLResponse:
    """One item as it stands, how it came about, and forms to change its validity or add a code."""
    return await _item(request, kind, code)


@router.post(f"{_ITEM}/validity")
async def set_validity(
    request: Request, kind: Kind, code: Code, valid_from: Text = "", valid_to: Text = ""
) -> Response:
    """Since when, and until when, an indicator may be reported."""
    given = {"valid_from": valid_from, "valid_to": valid_to}
    days, errors = _days(given)
    if errors:
        return await _item(request, kind, code, given, errors)

    def changed(known: reference_store.Item) -> reference_store.Item:
        if not isinstance(known, Indicator):
            raise not_found(request)
        return known.model_copy(update=days)

    return await _change(request, kind, code, changed)


@router.post(f"{_ITEM}/codes")
async def add_code(
    request: Request,
    kind: Kind,
    code: Code,
    entry: Text = "",
    label_lv: Text = "",
    label_en: Text = "",
    valid_from: Text = "",
    valid_to: Text = "",
) -> Response:
    """A new code at the end of a list."""
    given = {"entry": entry, "label_lv": label_lv, "label_en": label_en, "valid_from": valid_from, "valid_to": valid_to}
    days, errors = _days(given)
    known = await _known(request, kind, code)
    codes = {each.code for each in known.codes} if isinstance(known, CodeList) else set()
    if not entry.strip() or len(entry.strip()) > 64:
        errors.append(fault("entry", "missing", value=""))
    elif entry.strip() in codes:
        errors.append(fault("entry", "duplicate", value=""))
    errors += [fault(name, "missing", value="") for name in ("label_lv", "label_en") if not given[name].strip()]
    if errors:
        return await _item(request, kind, code, given, errors)
    label = LocalizedText(lv=label_lv.strip(), en=label_en.strip())
    made = CodeListEntry(code=entry.strip(), label=label, **days)

    def changed(before: reference_store.Item) -> reference_store.Item:
        if not isinstance(before, CodeList):
            raise not_found(request)
        return before.model_copy(update={"codes": (*before.codes, made)})

    return await _change(request, kind, code, changed)


@router.get(f"{_ITEM}/codes/{{entry}}")
async def code_form(request: Request, kind: Kind, code: Code, entry: Code) -> HTMLResponse:
    """Since when, and until when, a code may be used."""
    return await _code(request, kind, code, entry)


@router.post(f"{_ITEM}/codes/{{entry}}")
async def set_code(
    request: Request, kind: Kind, code: Code, entry: Code, valid_from: Text = "", valid_to: Text = ""
) -> Response:
    """Change the days; what was reported with the code stays."""
    given = {"valid_from": valid_from, "valid_to": valid_to}
    days, errors = _days(given)
    if errors:
        return await _code(request, kind, code, entry, given, errors)

    def changed(before: reference_store.Item) -> reference_store.Item:
        if not isinstance(before, CodeList):
            raise not_found(request)
        codes = tuple(each.model_copy(update=days) if each.code == entry else each for each in before.codes)
        return before.model_copy(update={"codes": codes})

    return await _change(request, kind, code, changed)


def _days(given: Mapping[str, str]) -> tuple[dict[str, date | None], list[FieldError]]:
    errors = day_faults(given)
    return {} if errors else {name: day_of(given[name]) for name in ("valid_from", "valid_to")}, errors


async def _change(
    request: Request, kind: str, code: str, changed: Callable[[reference_store.Item], reference_store.Item]
) -> Response:
    async def command(writing: Writing) -> None:
        known = await reference_store.revisions(writing.conn, [kind], [code])
        if (kind, code) not in known:
            raise not_found(request)
        await commands.set_items(writing, [changed(known[(kind, code)][1])])

    return await written(request, f"{administration_at(request)}/reference/{kind}/{code}", command)


async def _known(request: Request, kind: str, code: str) -> reference_store.Item:
    async with runtime_of(request).pool.acquire() as conn:
        known = await reference_store.revisions(conn, [kind], [code])
    if (kind, code) not in known:
        raise not_found(request)
    return known[(kind, code)][1]


async def _item(
    request: Request, kind: str, code: str, given: Mapping[str, str] | None = None, errors: Sequence[FieldError] = ()
) -> HTMLResponse:
    known = await _known(request, kind, code)
    async with runtime_of(request).pool.acquire() as conn:
        steps = _steps(await store.history(conn, f"reference/{kind}/{code}"))
        names = await names_of(conn)
    validity = {name: value.isoformat() if value else "" for name in ("valid_from", "valid_to")
                if isinstance(known, Indicator) for value in [getattr(known, name, None)]}  # fmt: skip
    return _form_page(
        request,
        "intake/reference_item.html",
        known.title,
        kind,
        known,
        errors,
        steps=steps,
        names=names,
        given={
            "entry": "",
            "label_lv": "",
            "label_en": "",
            "valid_from": "",
            "valid_to": "",
            **validity,
            **(given or {}),
        },
    )


async def _code(
    request: Request,
    kind: str,
    code: str,
    entry: str,
    given: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
) -> HTMLResponse:
    known = await _known(request, kind, code)
    found = next((each for each in known.codes if each.code == entry), None) if isinstance(known, CodeList) else None
    if found is None:
        raise not_found(request)
    days = {"valid_from": found.valid_from, "valid_to": found.valid_to}
    return _form_page(
        request,
        "intake/code_form.html",
        found.label,
        kind,
        known,
        errors,
        entry=found,
        given=given or {name: day.isoformat() if day else "" for name, day in days.items()},
    )


def _form_page(
    request: Request,
    template: str,
    title: LocalizedText,
    kind: str,
    item: reference_store.Item,
    errors: Sequence[FieldError],
    **context: Any,
) -> HTMLResponse:
    return page(
        request,
        template,
        title=title.model_dump(),
        status=422 if errors else 200,
        errors=errors,
        kind=kind,
        item=item,
        **context,
        **_common(request),
    )


def _steps(rows: Sequence[Any]) -> list[Step]:
    """Newest first."""
    steps: list[Step] = []
    before: Any = None
    for row in rows:
        now = from_json(row["payload"])["item"] if row["payload"] else None
        differences = between(before, now) if before is not None and now is not None else ()
        steps.append(Step(row["revision"], row["recorded_at"], row["actor"], differences))
        before = now
    return steps[::-1]


def _common(request: Request) -> dict[str, Any]:
    return {"current": current_of(request), "at": administration_at(request)}
