"""Changing one piece of reference data in two steps: what would change is shown, then kept as it was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData

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

#: Fields of our own in the form of the preview.
_OURS = frozenset({"confirmed", "form_token"})


def change_to(item: store.Item, before: store.Item | None) -> Change | None:
    """What it would change; null = nothing."""
    if before == item:
        return None
    old = before.model_dump(mode="json") if before else {}
    name = {"codelist": "codelists", "indicator": "indicators", "project": "projects"}[item.kind]
    return Change(name, item.code, "changed" if before else "new", between(old, item.model_dump(mode="json")))


async def shown_then_kept(request: Request, form: FormData, kind: str, code: str, made: Made) -> Response:
    """Show what the form would change; keep it where that was confirmed and is still what would change."""
    async with runtime_of(request).pool.acquire() as conn:
        change = await _change(conn, kind, code, made)
    to = f"{administration_at(request)}/reference/{kind}/{code}"
    if change is None:
        return see_other(to)
    confirmed = form.get("confirmed")
    if confirmed != fingerprint([change]):
        return await _shown(request, form, change, to, again=confirmed is not None)

    async def command(writing: Writing) -> None:
        now = await _change(writing.conn, kind, code, made)
        if now is None or fingerprint([now]) != confirmed:
            raise ChangedMeanwhile
        await commands.set_items(writing, [made(await _present(writing.conn, kind, code))])

    try:
        return await written(request, to, command)
    except ChangedMeanwhile:
        return await _shown(request, form, change, to, again=True)


async def _present(conn: Connection, kind: str, code: str) -> store.Item | None:
    known = await store.revisions(conn, [kind], [code])
    return known[(kind, code)][1] if (kind, code) in known else None


async def _change(conn: Connection, kind: str, code: str, made: Made) -> Change | None:
    before = await _present(conn, kind, code)
    return change_to(made(before), before)


async def _shown(request: Request, form: FormData, change: Change, back: str, *, again: bool) -> Response:
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
    fields: list[tuple[str, object]] = [pair for pair in form.multi_items() if pair[0] not in _OURS]
    values: dict[str, Any] = {"change": change, "names": names, "fields": fields, "again": again}
    return page(
        request,
        "intake/reference_preview.html",
        title="administration.preview",
        status=409 if again else 200,
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
