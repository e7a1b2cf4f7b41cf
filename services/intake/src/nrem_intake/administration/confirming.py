"""Changing one piece of reference data in two steps: what would change is shown, then kept as it was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData

from nrem_intake.administration.affected import affected_by
from nrem_intake.administration.commands import ChangedMeanwhile
from nrem_intake.administration.domain.differences import Change, between, fingerprint
from nrem_intake.administration.forms import administration_at, current_of, written
from nrem_intake.administration.names import names_of
from nrem_intake.reference import commands, store
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import page

if TYPE_CHECKING:
    from fastapi import Request, Response

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing

#: From the item as it stands (null = there is none) to the item as it shall be.
Made = Callable[[store.Item | None], store.Item]

#: The button of the preview that leads back to the form.
EDIT = "edit"

#: Fields of our own in the form of the preview.
_OURS = frozenset({"confirmed", "form_token", EDIT})


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a form would make of an item: `change` is what the reader confirms."""

    item: store.Item
    change: Change


def change_to(item: store.Item, before: store.Item | None) -> Change | None:
    """What it would change; null = nothing."""
    if before == item:
        return None
    old = before.model_dump(mode="json") if before else {}
    name = {"codelist": "codelists", "indicator": "indicators", "project": "projects"}[item.kind]
    return Change(name, item.code, "changed" if before else "new", between(old, item.model_dump(mode="json")))


def goes_back(form: FormData) -> bool:
    """Whether a reader of the preview wants the form once more, as it was filled in."""
    return EDIT in form


async def shown_then_kept(request: Request, form: FormData, kind: str, code: str, made: Made) -> Response:
    """Show what the form would change; keep it where that was confirmed and is still what would change."""
    async with runtime_of(request).pool.acquire() as conn:
        proposed = await _proposed(conn, kind, code, made)
    to = f"{administration_at(request)}/reference/{kind}/{code}"
    if proposed is None:
        return see_other(to)
    confirmed = form.get("confirmed")
    if confirmed != fingerprint([proposed.change]):
        return await _shown(request, form, proposed, to, again=confirmed is not None)

    async def command(writing: Writing) -> None:
        now = await _proposed(writing.conn, kind, code, made)
        if now is None or fingerprint([now.change]) != confirmed:
            raise ChangedMeanwhile
        await commands.set_items(writing, [now.item])

    try:
        return await written(request, to, command)
    except ChangedMeanwhile:
        return await _shown(request, form, proposed, to, again=True)


async def _proposed(conn: Connection, kind: str, code: str, made: Made) -> Proposed | None:
    known = await store.revisions(conn, [kind], [code])
    before = known[(kind, code)][1] if (kind, code) in known else None
    item = made(before)
    change = change_to(item, before)
    return Proposed(item, change) if change else None


async def _shown(request: Request, form: FormData, proposed: Proposed, back: str, *, again: bool) -> Response:
    change = proposed.change
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
        affected = await affected_by(conn, proposed.item)
    fields: list[tuple[str, object]] = [pair for pair in form.multi_items() if pair[0] not in _OURS]
    values: dict[str, Any] = {"change": change, "names": names, "fields": fields, "again": again, "edit": EDIT}
    return page(
        request,
        "intake/reference_preview.html",
        title="administration.preview",
        status=409 if again else 200,
        item=proposed.item,
        affected=affected,
        confirmed=fingerprint([change]),
        action=_own_address(request),
        back=back if change.what == "changed" else f"{administration_at(request)}/reference",
        current=current_of(request),
        at=administration_at(request),
        **values,
    )


def _own_address(request: Request) -> str:
    """Where the form was sent to, as the browser reaches it."""
    root = request.scope.get("root_path", "")
    return f"{root}{request.url.path.removeprefix(root)}"
