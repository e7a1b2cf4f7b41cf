"""The years over HTTP, and recording a historical series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from nrem_shared.contracts.history import HistoryRecorded
from nrem_shared.runtime.allowed_contacts.store import allowed
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import FieldError, Problem, problems
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.runtime.written import Written
from nrem_shared.web.rendering import translator_of
from nrem_statistics.history import store
from nrem_statistics.history.domain import HistorySaved, Mistake, Years, mistakes, personal_mistakes, redaction_mistakes
from nrem_statistics.history.reading import read_years
from nrem_statistics.parts import small_cell_threshold

if TYPE_CHECKING:
    from collections.abc import Iterable

router = APIRouter(prefix="/api", tags=["years"])


@router.get("/years")
async def years(request: Request) -> Years:
    """Yearly figures of victims: historical ones for everybody, current ones for the coordinator."""
    return await years_for(request)


async def years_for(request: Request) -> Years:
    """The years as this reader may see them."""
    runtime, principal = runtime_of(request), request.state.principal
    coordinator = principal is not None and principal.has("coordinator", "secretariat")
    async with runtime.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        return await read_years(conn, runtime.clock.now(), small_cell_threshold(request), coordinator)


@router.post(
    "/history",
    status_code=201,
    responses={200: {"model": HistorySaved, "description": "The same was recorded before"}, **problems(401, 403)},
)
async def record_history(request: Request, response: Response, history: Written[HistoryRecorded]) -> HistorySaved:
    """Record a historical series as it is known now; the whole of it each time. Nothing changes by repeating it."""
    await _refuse_mistakes(request, history)
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        kept = await store.documents(writing.conn, history.series)
        _refuse(request, redaction_mistakes(history, kept))
        held = {row.document.series: row for row in await store.newest(writing.conn)}.get(history.series)
        if held is not None and held.document == history:
            response.status_code = 200
            return HistorySaved(series=history.series, revision=held.revision, recorded_at=held.recorded_at)
        revision = held.revision + 1 if held else 1
        await store.insert(writing.conn, revision, writing.now, history)
        writing.record(Fact("nrem.history.recorded.v1", f"history/{history.series}", revision, history))
    response.headers["Nrem-After"] = writing.after
    return HistorySaved(series=history.series, revision=revision, recorded_at=writing.now)


async def _refuse_mistakes(request: Request, history: HistoryRecorded) -> None:
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        contacts = await allowed(conn, local_date(runtime.clock.now()))
        kept = await store.documents(conn, history.series)
    again = redaction_mistakes(history, kept)
    _refuse(request, (*mistakes(history), *personal_mistakes(history, contacts), *again))


def _refuse(request: Request, wrong: Iterable[Mistake]) -> None:
    _ = translator_of(request)
    found = [
        FieldError(one.pointer, one.code, _(f"refusal.{one.code}", **one.values), _(f"refusal_hint.{_hint(one.code)}"))
        for one in wrong
    ]
    if found:
        raise Problem.invalid(found, _("statistics.history_invalid"))


def _hint(code: str) -> str:
    """What to do about any personal data is the same."""
    return "personal_data" if code.startswith("personal_data_") else code
