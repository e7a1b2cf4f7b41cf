"""JSON routes of notes about obligations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from nrem_notifier.followup import store
from nrem_notifier.followup.domain import LONGEST, Note, noted, refusal_of
from nrem_notifier.guarding import allowed_contacts
from nrem_notifier.ledger.asking import scope_of, situation
from nrem_notifier.obligations.domain.values import Obligation
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import FieldError, Problem, problems
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.rendering import translator_of

router = APIRouter(tags=["follow-up"])

Key = Annotated[str, Query(max_length=200, description="Key of an obligation", examples=["QUARTER/2026-Q3/vp"])]


class ToNote(BaseModel):
    """Something to remember about an obligation: `Phoned, promised Friday`."""

    obligation: Annotated[str, Field(max_length=200)]
    text: Annotated[str, Field(max_length=4 * LONGEST)]


class NoteShown(BaseModel):
    """A note: what, by whom, when."""

    obligation: str
    institution: str
    text: str
    by: str
    noted_at: datetime


@router.post("/api/notes", status_code=201, summary="Note something about an obligation", responses=problems(404))
async def note(request: Request, given: ToNote) -> NoteShown:
    """Kept for ever with who and when; no personal codes, and better no names."""
    one = await obligation_of(request, given.obligation)
    if code := refusal_of(given.text, await allowed_contacts(request)):
        detail = translator_of(request)(f"refusal.{code}", limit=LONGEST)
        raise Problem.invalid([FieldError("/text", code, detail)])
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        by = current_principal(request).display[:100]
        made = Note(uuid4(), one.key, one.owner.institution, given.text.strip(), by, writing.now)
        await store.add(writing.conn, made)
        writing.record(Fact("nrem.obligation.noted.v1", f"note/{made.id}", 1, noted(made)))
    return _shown(made)


@router.get("/api/notes", summary="What was noted about an obligation", responses=problems(404))
async def list_notes(request: Request, obligation: Key) -> list[NoteShown]:
    """Newest first."""
    await obligation_of(request, obligation)
    async with runtime_of(request).pool.acquire() as conn:
        return [_shown(one) for one in await store.notes(conn, [obligation])]


async def obligation_of(request: Request, key: str) -> Obligation:
    """One obligation that the reader may see. Raises the 404 problem for others."""
    scope, found = scope_of(request), await situation(request)
    for one in found.known.obligations if found else ():
        if one.key == key and scope in (None, one.owner.institution):
            return one
    raise Problem.not_found("There is no such obligation.")


def _shown(one: Note) -> NoteShown:
    return NoteShown(
        obligation=one.obligation, institution=one.institution, text=one.text, by=one.by, noted_at=one.noted_at
    )
