"""What happens to a draft, and how it becomes a version: by the commands of submissions, in their transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from nrem_intake.reporting import store
from nrem_intake.reporting.domain.draft import Changed, Draft, Locked, Saved, discard
from nrem_intake.reporting.domain.putting_aside import left_behind
from nrem_intake.reporting.reading import draft_of, draft_or_begun
from nrem_intake.reporting.signatures import Outcome, await_signature, settle
from nrem_intake.submissions.checking import ToSubmit
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.domain.stream import may_submit
from nrem_intake.submissions.failures import Failed, Failure, checked
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
    """The same, where a draft that was discarded counts as put aside."""
    async with pool.acquire() as conn, conn.transaction():
        draft = decide(await _locked(conn, catalogues, period, member, discarded=False))
        await _put(conn, draft, now)
        return draft


async def hand_over(
    writing: Writing, catalogues: Catalogues, period: str, member: str, decide: Callable[[Draft], Draft]
) -> Draft:
    """The draft waits for the signature from now on, which is a fact.

    Raises what `decide` raises, and Failed where it could not be submitted when signed: a version waits or counts.
    """
    draft = decide(await _locked(writing.conn, catalogues, period, member, discarded=False))
    known = (await load_streams(writing.conn, catalogues, [(period, member)]))[(period, member)]
    checked(lambda: may_submit(known.stream))
    await _put(writing.conn, draft, writing.now)
    await await_signature(writing, known, "report", draft.prepared_by or "")
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
    """Submit the draft that was seen, and delete it; what was put aside stays.

    Raises Failed, and Changed where it is another one by now.
    """
    draft = await _locked(writing.conn, catalogues, period, member, discarded=False)
    if draft.revision != seen:
        raise Changed("", draft)
    authors = authorship(draft)
    wanted = ToSubmit(period, member, draft.content(), draft.stream_revision or None, authors)
    decided = (await submit_many(writing, catalogues, [wanted]))[0]
    await _over(writing, draft)
    await settle(writing, period, member, "signed")
    return decided


async def put_aside(writing: Writing, period: str, member: str, confirmed: int | None) -> None:
    """Something else is sent than the draft: what was typed is kept, to be had back.

    Raises Changed where it holds anything and `confirmed` is not its revision: nobody was asked about that.
    """
    draft = draft_of(await store.lock_draft(writing.conn, period, member))
    if draft is None or draft.state != "open":
        return
    if draft.empty:
        await _over(writing, draft)
        return
    if draft.revision != confirmed:
        raise Changed("", draft)
    await _put(writing.conn, discard(draft), writing.now)


async def _over(writing: Writing, draft: Draft) -> None:
    kept = left_behind(draft)
    if kept is None:
        await store.delete_draft(writing.conn, draft.period, draft.member)
    else:
        await _put(writing.conn, kept, writing.now)


async def _locked(conn: Connection, catalogues: Catalogues, period: str, member: str, *, discarded: bool) -> Draft:
    row = await store.lock_draft(conn, period, member)
    found = draft_of(row)
    if found is not None and (discarded or found.state != "discarded"):
        return found
    known = (await load_streams(conn, catalogues, [(period, member)], contents=True)).get((period, member))
    if known is None:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    if discarded and found is None:
        raise Locked("open")
    return draft_or_begun(row, known.stream)


async def _put(conn: Connection, draft: Draft, now: datetime) -> None:
    await store.put_draft(
        conn,
        draft.period,
        draft.member,
        draft.revision,
        draft.stream_revision,
        draft.document,
        _stored(draft.sections),
        draft.state,
        draft.prepared_by,
        draft.note,
        [
            {
                "document": one.document,
                "sections": _stored(one.sections),
                "at": one.at.isoformat(),
                "revision": one.revision,
            }
            for one in draft.aside
        ],
        now,
    )


def _stored(sections: Mapping[str, Saved]) -> dict[str, Any]:
    return {
        name: {
            "revision": saved.revision,
            "by": saved.by,
            "at": saved.at.isoformat(),
            "finished": saved.finished,
        }
        for name, saved in sections.items()
    }
