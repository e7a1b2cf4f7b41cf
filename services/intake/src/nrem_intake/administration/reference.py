"""Pages of reference data: what there is, how it came about, since when and until when an indicator is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse
from pydantic_core import from_json

from nrem_intake.administration import store
from nrem_intake.administration.confirming import goes_back, shown_then_kept
from nrem_intake.administration.domain.differences import Difference, between
from nrem_intake.administration.forms import administration_at, current_of, days_of, sent_texts
from nrem_intake.administration.names import names_of
from nrem_intake.reference import store as reference_store
from nrem_intake.submissions.authorship import not_found
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import Indicator
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    return await item_page(request, kind, code)


@router.post(f"{_ITEM}/validity")
async def set_validity(request: Request, kind: Kind, code: Code) -> Response:
    """Since when, and until when, an indicator may be reported: shown first, kept when that was confirmed."""
    sent = await request.form()
    given = sent_texts(sent, ("valid_from", "valid_to"))
    days, errors = days_of(given)
    if errors or goes_back(sent):
        return await item_page(request, kind, code, given, errors)

    def made(known: reference_store.Item | None) -> reference_store.Item:
        if not isinstance(known, Indicator):
            raise not_found(request)
        return known.model_copy(update=days)

    return await shown_then_kept(request, sent, kind, code, made)


async def known_item(request: Request, kind: str, code: str) -> reference_store.Item:
    """One item as it stands. Raises the 404 problem."""
    async with runtime_of(request).pool.acquire() as conn:
        known = await reference_store.revisions(conn, [kind], [code])
    if (kind, code) not in known:
        raise not_found(request)
    return known[(kind, code)][1]


async def item_page(
    request: Request, kind: str, code: str, given: Mapping[str, str] | None = None, errors: Sequence[FieldError] = ()
) -> HTMLResponse:
    """The page of one item; `given` and `errors` are of the form on it that was sent."""
    known = await known_item(request, kind, code)
    async with runtime_of(request).pool.acquire() as conn:
        steps = _steps(await store.history(conn, f"reference/{kind}/{code}"))
        names = await names_of(conn)
    validity = {name: value.isoformat() if value else "" for name in ("valid_from", "valid_to")
                if isinstance(known, Indicator) for value in [getattr(known, name, None)]}  # fmt: skip
    return form_page(
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


def form_page(
    request: Request,
    template: str,
    title: LocalizedText,
    kind: str,
    item: reference_store.Item,
    errors: Sequence[FieldError],
    **context: Any,
) -> HTMLResponse:
    """A page that is called as the thing that it is about."""
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
