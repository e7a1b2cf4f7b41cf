"""Pages of institutions' keys: issue (the secret is shown once), rotate with an overlap, revoke."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.administration.forms import administration_at, current_of, written
from nrem_intake.administration.members import Code, member_page
from nrem_intake.identity.keys import commands, store
from nrem_intake.members import store as members_store
from nrem_intake.periods import store as periods_store
from nrem_intake.submissions.authorship import not_found
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.rendering import page
from nrem_shared.web.typed import TypedText

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing

router = APIRouter(include_in_schema=False)

#: Days that two keys may be good beside each other.
LONGEST_OVERLAP = 90

_KEYS = "/administration/members/{code}/keys"


@router.post(_KEYS)
async def issue(request: Request, code: Code) -> HTMLResponse:
    """A new key for reporting; this answer is the only place where its secret ever stands."""
    runtime = runtime_of(request)
    async with runtime.journal.writing(provenance(request)) as writing:
        if await members_store.institution(writing.conn, code) is None:
            raise not_found(request)
        key, secret = await commands.issue_key(writing, commands.settings_of(runtime), code, ("member",))
    return await _shown(request, code, key, secret, None)


@router.post(f"{_KEYS}/{{id}}/rotate")
async def rotate(request: Request, code: Code, id: UUID, days: TypedText = "") -> HTMLResponse:
    """A second key; the first one ends after so many days. Or the page again, with what is wrong at the field."""
    if not re.fullmatch("[0-9]{1,2}", days.strip()) or int(days) > LONGEST_OVERLAP:
        return await member_page(request, code, (id, days))
    runtime = runtime_of(request)
    async with runtime.journal.writing(provenance(request)) as writing:
        old = await store.key(writing.conn, id)
        if old is None or old["member"] != code or old["revoked_at"]:
            raise not_found(request)
        settings = commands.settings_of(runtime)
        key, secret, ends_at = await commands.rotate_key(writing, settings, old, timedelta(days=int(days)))
    return await _shown(request, code, key, secret, ends_at)


@router.post(f"{_KEYS}/{{id}}/revoke")
async def revoke(request: Request, code: Code, id: UUID) -> Response:
    """Takes effect everywhere within seconds."""

    async def command(writing: Writing) -> None:
        old = await store.key(writing.conn, id)
        if old is None or old["member"] != code or not await commands.revoke_key(writing, id):
            raise not_found(request)

    return await written(request, f"{administration_at(request)}/members/{code}#keys", command)


async def _shown(request: Request, code: str, key: UUID, secret: str, old_ends: datetime | None) -> HTMLResponse:
    runtime = runtime_of(request)
    url = runtime.settings.public_url.rstrip("/")
    async with runtime.pool.acquire() as conn:
        owed = [each["code"] for each in await periods_store.periods(conn) if code in each["owes"]]
    answer = page(
        request,
        "intake/key_issued.html",
        title="administration.key_issued",
        code=code,
        key=key,
        secret=secret,
        old_ends=old_ends,
        url=url,
        interface=f"{url}/intake/api",
        period=owed[0] if owed else None,
        current=current_of(request),
        at=administration_at(request),
    )
    answer.headers["cache-control"] = "no-store"
    return answer
