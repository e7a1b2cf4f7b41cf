"""The page of one obligation: how it stands, what was told and noted, and what the coordinator can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from nrem_notifier.followup import store
from nrem_notifier.followup.api import ToNote, note, obligation_of
from nrem_notifier.followup.domain import LONGEST, refusal_of
from nrem_notifier.guarding import allowed_contacts, has_personal_data
from nrem_notifier.ledger import store as ledger_store
from nrem_notifier.ledger.asking import scope_of, situation
from nrem_notifier.ledger.pages import Labels, root_of
from nrem_notifier.mail.api import RemindNow, remind_now
from nrem_notifier.obligations.domain.recipients import Reached
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page
from nrem_shared.web.typed import Typed, TypedText, too_long

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

Key = Annotated[str, Form(max_length=200)]
Done = Literal["", "reminded", "withheld", "noted"]

#: The longest line of one's own in a reminder, in characters.
LONGEST_LINE = 500


@dataclass(frozen=True, slots=True)
class Given:
    """What a form sent that was refused."""

    line: str = ""
    text: str = ""


@router.get("/obligation")
async def show(request: Request, key: Annotated[str, Query(max_length=200)] = "", done: Done = "") -> HTMLResponse:
    """How it stands. A member sees its own, without notes."""
    return await _page(request, key, done=done)


@router.post("/obligation/remind")
async def remind(request: Request, key: Key, line: TypedText = "") -> Response:
    """Remind now, and say that it is on its way, or why not."""
    if long := too_long(request, Typed("line", "obligation.line", line.strip(), LONGEST_LINE)):
        return await _page(request, key, Given(line=line), long)
    if await has_personal_data(request, line):
        return await _page(request, key, Given(line=line), [FieldError("line", "refusal.text_personal_data")])
    try:
        made = await remind_now(request, RemindNow(obligation=key, line=line.strip()))
    except Problem as problem:
        if problem.status != 409:
            raise
        return await _page(request, key, Given(line=line), [FieldError("line", _why(problem))], status=409)
    return _back(request, key, "withheld" if made.state == "withheld" else "reminded")


@router.post("/obligation/note")
async def take_note(request: Request, key: Key, text: TypedText = "") -> Response:
    """Keep a note."""
    if long := too_long(request, Typed("text", "obligation.note", text.strip(), LONGEST)):
        return await _page(request, key, Given(text=text), long)
    if code := refusal_of(text, await allowed_contacts(request)):
        error = FieldError("text", f"refusal.{code}", {"limit": LONGEST})
        return await _page(request, key, Given(text=text), [error])
    await note(request, ToNote(obligation=key, text=text))
    return _back(request, key, "noted")


def _why(problem: Problem) -> str:
    return "refusal.done_already" if "done" in problem.detail else "refusal.nobody_to_remind"


def _back(request: Request, key: str, done: Done) -> Response:
    return see_other(f"{root_of(request)}/obligation?key={quote(key, safe='/')}&done={done}")


async def _page(
    request: Request,
    key: str,
    given: Given | None = None,
    errors: list[FieldError] | None = None,
    *,
    done: Done = "",
    status: int = 422,
) -> HTMLResponse:
    one = await obligation_of(request, key)
    found = await situation(request)
    principal, now = current_principal(request), runtime_of(request).clock.now()
    sees_notes = principal.has("coordinator", "secretariat")
    async with runtime_of(request).pool.acquire() as conn:
        rows = await ledger_store.of_obligations(conn, [key])
        notes = await store.notes(conn, [key]) if sees_notes else []
    scope = scope_of(request)
    reached: Reached | None = found.known.contacts.reach(one.owner) if found else None
    return page(
        request,
        "notifier/obligation.html",
        title=one.title.model_dump(),
        status=status if errors else 200,
        errors=errors or [],
        root=root_of(request),
        labels=Labels(found),
        one=one,
        owed=one.owed_at(now),
        overdue=one.owed_at(now) and one.due < local_date(now),
        reached=reached,
        rows=[row for row in reversed(rows) if scope in (None, row.institution)],
        notes=notes,
        sees_notes=sees_notes,
        reminds=principal.has("coordinator") and one.met_at is None,
        extends=principal.has("coordinator") and one.met_at is None and one.code == "QUARTER",
        given=given or Given(),
        longest_line=LONGEST_LINE,
        longest_note=LONGEST,
        done=done,
    )
