"""Pages that correct what a code list, a project or one code is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.administration.confirming import goes_back, shown_then_kept
from nrem_intake.administration.domain.indicator_form import LONGEST_LABEL
from nrem_intake.administration.forms import administration_at, current_of, fault
from nrem_intake.reference import store
from nrem_intake.submissions.authorship import not_found
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import CodeList
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False)

#: Those whose label has a page of its own; an indicator's stands in its form.
Labelled = Literal["codelist", "project"]
Code = Annotated[str, Path(max_length=100)]
_TITLE = "/administration/labels/{kind}/{code}"
_ENTRY = "/administration/labels/{kind}/{code}/{entry}"


@router.get(_TITLE)
async def title_form(request: Request, kind: Labelled, code: Code) -> HTMLResponse:
    """What the list or project is called."""
    return await _form(request, kind, code, None)


@router.post(_TITLE)
async def correct_title(request: Request, kind: Labelled, code: Code) -> Response:
    """Show what would change, keep it when that was confirmed, or say everything that is wrong."""
    return await _taken(request, kind, code, None)


@router.get(_ENTRY)
async def entry_form(request: Request, kind: Labelled, code: Code, entry: Code) -> HTMLResponse:
    """What one code of a list is called."""
    return await _form(request, kind, code, entry)


@router.post(_ENTRY)
async def correct_entry(request: Request, kind: Labelled, code: Code, entry: Code) -> Response:
    """Show what would change, keep it when that was confirmed, or say everything that is wrong."""
    return await _taken(request, kind, code, entry)


async def _taken(request: Request, kind: str, code: str, entry: str | None) -> Response:
    sent = await request.form()
    given = {name: str(sent.get(name, "")).strip() for name in ("label_lv", "label_en")}
    errors = [fault(name, "missing", value="") for name, text in given.items() if not text]
    errors += [fault(name, "too_long", value="") for name, text in given.items() if len(text) > LONGEST_LABEL]
    if errors or goes_back(sent):
        return await _form(request, kind, code, entry, given, errors)
    label = LocalizedText(lv=given["label_lv"], en=given["label_en"])

    def made(before: store.Item | None) -> store.Item:
        if before is None:
            raise not_found(request)
        _label(request, before, entry)  # 404 where it has no such code
        return _called(before, entry, label)

    return await shown_then_kept(request, sent, kind, code, made)


def _called(item: store.Item, entry: str | None, label: LocalizedText) -> store.Item:
    """The item with another label of its own, or of one of its codes."""
    if entry is None or not isinstance(item, CodeList):
        return item.model_copy(update={"title": label})
    codes = tuple(each.model_copy(update={"label": label}) if each.code == entry else each for each in item.codes)
    return item.model_copy(update={"codes": codes})


def _label(request: Request, item: store.Item | None, entry: str | None) -> LocalizedText:
    """What it is called now. Raises the 404 problem where it is not there."""
    if item is not None and entry is None:
        return item.title
    codes = item.codes if isinstance(item, CodeList) else ()
    for each in codes:
        if each.code == entry:
            return each.label
    raise not_found(request)


async def _form(
    request: Request,
    kind: str,
    code: str,
    entry: str | None,
    given: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        known = await store.revisions(conn, [kind], [code])
    item = known[(kind, code)][1] if known else None
    label = _label(request, item, entry)
    return page(
        request,
        "intake/label_form.html",
        title="administration.correct_label",
        status=422 if errors else 200,
        errors=errors,
        kind=kind,
        item=item,
        entry=entry,
        label=label,
        given=given or {"label_lv": label.lv, "label_en": label.en or ""},
        current=current_of(request),
        at=administration_at(request),
    )
