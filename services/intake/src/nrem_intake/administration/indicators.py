"""Pages that add an indicator and change one: label, who reports it, divisions, how it adds up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.administration.confirming import goes_back, shown_then_kept
from nrem_intake.administration.domain import indicator_form
from nrem_intake.administration.domain.indicator_form import Choices, IndicatorForm, indicator, wrong_with
from nrem_intake.administration.forms import administration_at, current_of, day_faults, fault
from nrem_intake.administration.names import names_of
from nrem_intake.members import store as members_store
from nrem_intake.reference import store
from nrem_intake.submissions.authorship import not_found
from nrem_shared.contracts.reference import CodeList, Indicator
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False)

_ADD = "/administration/add-indicator"
_CHANGE = "/administration/indicators/{code}/change"
Code = Annotated[str, Path(max_length=100)]


@router.get(_ADD)
async def add_form(request: Request) -> HTMLResponse:
    """A blank form."""
    return await _form(request, None, indicator_form.blank())


@router.post(_ADD)
async def add(request: Request) -> Response:
    """Show the new indicator, keep it when that was confirmed, or say everything that is wrong."""
    return await _taken(request, None)


@router.get(_CHANGE)
async def change_form(request: Request, code: Code) -> HTMLResponse:
    """The form, filled in as it stands."""
    item = await _known(request, code)
    return await _form(request, item, indicator_form.filled(item))


@router.post(_CHANGE)
async def change(request: Request, code: Code) -> Response:
    """Show what would change, keep it when that was confirmed, or say everything that is wrong."""
    return await _taken(request, await _known(request, code))


async def _taken(request: Request, item: Indicator | None) -> Response:
    sent = await request.form()
    form = indicator_form.sent(
        sent, [*sent.getlist("dimensions"), *sent.getlist("other_dimensions")], sent.getlist("reported_by")
    )
    if item is not None:  # its code and its validity are not in this form
        form = replace(form, values={**form.values, **_fixed(item)})
    known, taken = await _choices(request)
    errors = [fault(each.field, each.code, value="") for each in wrong_with(form, known, () if item else taken)]
    errors += day_faults(form.values)
    if errors or goes_back(sent):
        return await _form(request, item, form, errors)

    def made(before: store.Item | None) -> Indicator:
        return indicator(form, known, before if isinstance(before, Indicator) else None)

    return await shown_then_kept(request, sent, "indicator", form.values["code"], made)


def _fixed(item: Indicator) -> dict[str, str]:
    return {name: indicator_form.filled(item).values[name] for name in ("code", "valid_from", "valid_to")}


async def _known(request: Request, code: str) -> Indicator:
    async with runtime_of(request).pool.acquire() as conn:
        known = await store.revisions(conn, ["indicator"], [code])
    found = known[("indicator", code)][1] if known else None
    if not isinstance(found, Indicator):
        raise not_found(request)
    return found


async def _choices(request: Request) -> tuple[Choices, frozenset[str]]:
    """What may be chosen, and the codes that are taken."""
    async with runtime_of(request).pool.acquire() as conn:
        indicators = [Indicator.model_validate(each) for each in await store.of_kind(conn, "indicator")]
        codelists = [CodeList.model_validate(each) for each in await store.of_kind(conn, "codelist")]
        institutions = await members_store.institutions(conn)
    return indicator_form.choices(indicators, codelists, institutions), frozenset(each.code for each in indicators)


async def _form(
    request: Request, item: Indicator | None, given: IndicatorForm, errors: Sequence[FieldError] = ()
) -> HTMLResponse:
    known, _ = await _choices(request)
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
    offered: Mapping[str, object] = {
        "units": sorted(known.units),
        "dimensions": sorted(known.dimensions.keys() - known.others),
        "other_dimensions": sorted(known.others),
        "institutions": sorted(known.institutions),
        "measures": indicator_form.MEASURES,
        "quarters_to_year": indicator_form.QUARTERS_TO_YEAR,
        "across_reporters": indicator_form.ACROSS_REPORTERS,
    }
    return page(
        request,
        "intake/indicator_form.html",
        title="administration.change_indicator" if item else "administration.add_indicator",
        status=422 if errors else 200,
        errors=errors,
        item=item,
        given=given,
        names=names,
        offered=offered,
        current=current_of(request),
        at=administration_at(request),
    )
