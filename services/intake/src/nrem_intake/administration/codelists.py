"""The page that adds a code list: what it is called, and its first codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.administration.confirming import goes_back, shown_then_kept
from nrem_intake.administration.domain.codelist_form import ListForm, blank, codelist, sent, wrong_with
from nrem_intake.administration.forms import administration_at, current_of, fault
from nrem_intake.reference import store
from nrem_shared.contracts.reference import Indicator
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False)

_ADD = "/administration/add-codelist"


@router.get(_ADD)
async def add_form(request: Request) -> HTMLResponse:
    """A blank form."""
    return _form(request, blank())


@router.post(_ADD)
async def add(request: Request) -> Response:
    """Show the new list, keep it when that was confirmed, or say everything that is wrong."""
    given = await request.form()
    form = sent(given)
    if given.get("do") == "more":
        return _form(request, form.longer())
    errors = [fault(each.field, each.code, value="") for each in wrong_with(form, await _taken(request))]
    if errors or goes_back(given):
        return _form(request, form, errors)

    def made(before: store.Item | None) -> store.Item:
        if before is not None:
            raise Problem.conflict(f"There is a code list {form.code} already.")
        return codelist(form)

    return await shown_then_kept(request, given, "codelist", form.code, made)


async def _taken(request: Request) -> set[str]:
    """Names that lists and dimensions have."""
    async with runtime_of(request).pool.acquire() as conn:
        lists = await store.of_kind(conn, "codelist")
        indicators = [Indicator.model_validate(each) for each in await store.of_kind(conn, "indicator")]
    return {each["code"] for each in lists} | {name for each in indicators for name in each.dimensions}


def _form(request: Request, given: ListForm, errors: Sequence[FieldError] = ()) -> HTMLResponse:
    return page(
        request,
        "intake/codelist_form.html",
        title="administration.add_codelist",
        status=422 if errors else 200,
        errors=errors,
        given=given,
        current=current_of(request),
        at=administration_at(request),
    )
