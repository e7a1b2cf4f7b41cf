"""What happens to a draft, and how it becomes a version: by the commands of submissions, in their transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from nrem_intake.reporting import store
from nrem_intake.reporting.domain.draft import Changed, Draft, Locked
from nrem_intake.reporting.reading import begun, draft_of
from nrem_intake.reporting.signatures import Outcome, await_signature, settle
from nrem_intake.submissions.checking import ToSubmit
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed, Failure
from nrem_intake.submissions.streams import load_streams
from nrem_intake.submissions.submitting import submit_many

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_intake.submissions.domain.authors import Authors
    from nrem_intake.submissions.domain.stream import Decided
    from nrem_shared.runtime.database import Connection, Pool
    from nrem_shared.runtime.journal import Writing


async def change(
    pool: Pool, catalogues: Catalogues, period: str, member: str, now: datetime, decide: Callable[[Draft], Draft]
) -> Draft:
    """Read, decide, write, one after the other for each draft. Raises what `decide` raises; then nothing is kept."""
    async with pool.acquire() as conn, conn.transaction():
        draft = decide(await _locked(conn, catalogues, period, member, discarded=True))
        await _put(conn, draft, now)
        return draft


async def fill(
    pool: Pool, catalogues: Catalogues, period: str, member: str, now: datetime, decide: Callable[[Draft], Draft]
) -> Draft:
    """The same, where a draft that was discarded counts as none."""
    async with pool.acquire() as conn, conn.transaction():
        draft = decide(await _locked(conn, catalogues, period, member, discarded=False))
        await _put(conn, draft, now)
        return draft


async def hand_over(
    writing: Writing, catalogues: Catalogues, period: str, member: str, decide: Callable[[Draft], Draft]
) -> Draft:
    """The draft waits for the signature from now on, which is a fact. Raises what `decide` raises."""
    draft = decide(await _locked(writing.conn, catalogues, period, member, discarded=False))
    await _put(writing.conn, draft, writing.now)
    known = await load_streams(writing.conn, catalogues, [(period, member)])
    await await_signature(writing, known[(period, member)], "report", draft.prepared_by or "")
    return draft


async def send_back(
    writing: Writing,
    catalogues: Catalogues,
    period: str,
    member: str,
    decide: Callable[[Draft], Draft],
    outcome: Outcome,
) -> None:
    """The draft is open again. Raises what `decide` raises."""
    draft = decide(await _locked(writing.conn, catalogues, period, member, discarded=True))
    await _put(writing.conn, draft, writing.now)
    await settle(writing, period, member, outcome)


async def submit(
    writing: Writing,
    catalogues: Catalogues,
    period: str,
    member: str,
    seen: int,
    authorship: Callable[[Draft], Authors],
) -> Decided:
    """Submit the draft that was seen, and delete it. Raises Failed, and Changed where it is another one by now."""
    draft = await _locked(writing.conn, catalogues, period, member, discarded=False)
    if draft.revision != seen:
        raise Changed("", draft)
    authors = authorship(draft)
    wanted = ToSubmit(period, member, draft.content(), draft.stream_revision or None, authors)
    decided = (await submit_many(writing, catalogues, [wanted]))[0]
    await store.delete_draft(writing.conn, period, member)
    await settle(writing, period, member, "signed")
    return decided


async def _locked(conn: Connection, catalogues: Catalogues, period: str, member: str, *, discarded: bool) -> Draft:
    found = draft_of(await store.lock_draft(conn, period, member))
    if found is not None and (discarded or found.state != "discarded"):
        return found
    known = (await load_streams(conn, catalogues, [(period, member)], contents=True)).get((period, member))
    if known is None:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    if discarded and found is None:
        raise Locked("open")
    return begun(known.stream)


async def _put(conn: Connection, draft: Draft, now: datetime) -> None:
    await store.put_draft(
        conn,
        draft.period,
        draft.member,
        draft.revision,
        draft.stream_revision,
        draft.document,
        {name: _stored(saved) for name, saved in draft.sections.items()},
        draft.state,
        draft.prepared_by,
        draft.note,
        now,
    )


def _stored(saved: Any) -> dict[str, Any]:
    return {
        "revision": saved.revision,
        "by": saved.by,
        "at": saved.at.isoformat(),
        "finished": saved.finished,
    }
