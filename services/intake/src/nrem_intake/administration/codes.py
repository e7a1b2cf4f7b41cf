"""Pages of the codes of a list: a new one, and since when and until when one may be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.administration.confirming import goes_back, shown_then_kept
from nrem_intake.administration.domain.codelist_form import LONGEST_CODE, LONGEST_LABEL
from nrem_intake.administration.forms import days_of, fault, sent_texts
from nrem_intake.administration.reference import Code, Kind, form_page, item_page, known_item
from nrem_intake.submissions.authorship import not_found
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import CodeList, CodeListEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_intake.reference import store
    from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False)

_CODES = "/administration/reference/{kind}/{code}/codes"
_DAYS = ("valid_from", "valid_to")


@router.post(_CODES)
async def add_code(request: Request, kind: Kind, code: Code) -> Response:
    """A new code at the end of a list: shown first, kept when that was confirmed."""
    sent = await request.form()
    given = sent_texts(sent, ("entry", "label_lv", "label_en", *_DAYS))
    days, errors = days_of(given)
    errors = [*_wrong_with(given, await known_item(request, kind, code)), *errors]
    if errors or goes_back(sent):
        return await item_page(request, kind, code, given, errors)
    label = LocalizedText(lv=given["label_lv"], en=given["label_en"])
    entry = CodeListEntry(code=given["entry"], label=label, **days)

    def made(before: store.Item | None) -> store.Item:
        if not isinstance(before, CodeList):
            raise not_found(request)
        return before.model_copy(update={"codes": (*before.codes, entry)})

    return await shown_then_kept(request, sent, kind, code, made)


@router.get(f"{_CODES}/{{entry}}")
async def code_form(request: Request, kind: Kind, code: Code, entry: Code) -> HTMLResponse:
    """Since when, and until when, a code may be used."""
    return await _code(request, kind, code, entry)


@router.post(f"{_CODES}/{{entry}}")
async def set_code(request: Request, kind: Kind, code: Code, entry: Code) -> Response:
    """Change the days: shown first, kept when that was confirmed; what was reported with the code stays."""
    sent = await request.form()
    given = sent_texts(sent, _DAYS)
    days, errors = days_of(given)
    if errors or goes_back(sent):
        return await _code(request, kind, code, entry, given, errors)

    def made(before: store.Item | None) -> store.Item:
        if not isinstance(before, CodeList) or entry not in {each.code for each in before.codes}:
            raise not_found(request)
        codes = tuple(each.model_copy(update=days) if each.code == entry else each for each in before.codes)
        return before.model_copy(update={"codes": codes})

    return await shown_then_kept(request, sent, kind, code, made)


def _wrong_with(given: Mapping[str, str], known: store.Item) -> list[FieldError]:
    taken = {each.code for each in known.codes} if isinstance(known, CodeList) else set()
    found = [fault(name, "missing", value="") for name in ("entry", "label_lv", "label_en") if not given[name]]
    if len(given["entry"]) > LONGEST_CODE:
        found.append(fault("entry", "long_code", value=""))
    elif given["entry"] in taken:
        found.append(fault("entry", "duplicate", value=""))
    long = [name for name in ("label_lv", "label_en") if len(given[name]) > LONGEST_LABEL]
    return [*found, *(fault(name, "too_long", value="") for name in long)]


async def _code(
    request: Request,
    kind: str,
    code: str,
    entry: str,
    given: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
) -> HTMLResponse:
    known = await known_item(request, kind, code)
    found = next((each for each in known.codes if each.code == entry), None) if isinstance(known, CodeList) else None
    if found is None:
        raise not_found(request)
    days = {"valid_from": found.valid_from, "valid_to": found.valid_to}
    return form_page(
        request,
        "intake/code_form.html",
        found.label,
        kind,
        known,
        errors,
        entry=found,
        given=given or {name: day.isoformat() if day else "" for name, day in days.items()},
    )
