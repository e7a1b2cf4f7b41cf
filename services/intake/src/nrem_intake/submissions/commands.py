"""What can be done with what was submitted: correct it, accept it, return it, withdraw it.

Every function works inside one `Journal.writing`; whatever it raises undoes all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from nrem_intake.redactions.watching import watch_for
from nrem_intake.submissions import store
from nrem_intake.submissions.deciding import entered_by
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.authors import NOBODY, Authors
from nrem_intake.submissions.domain.correction import correct
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.domain.stream import Decided
from nrem_intake.submissions.facts import fact_of
from nrem_intake.submissions.failures import Failed, Failure, Seen, check_revision, checked, expected
from nrem_intake.submissions.streams import Known, accumulated, load_streams

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_shared.contracts.submissions import ReasonForReturn
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing


async def correct_one(
    writing: Writing,
    catalogues: Catalogues,
    period: str,
    member: str,
    items: Any,
    seen: Seen,
    authors: Authors = NOBODY,
) -> Decided:
    """Submit a correction of what was accepted. Raises Failed."""
    decided = await corrected(writing.conn, catalogues, period, member, items, seen, writing.now, authors)
    await store.insert(writing.conn, [decided])
    writing.record(fact_of(decided))
    return decided


async def corrected(
    conn: Connection,
    catalogues: Catalogues,
    period: str,
    member: str,
    items: Any,
    seen: Seen,
    now: datetime,
    authors: Authors = NOBODY,
) -> Decided:
    """What a correction would lead to; nothing is kept. Raises Failed."""
    key = (period, member)
    known = await load_streams(conn, catalogues, [key], contents=True)
    found = expected(known.get(key))
    check_revision(found.stream, seen)
    before, catalogue = await accumulated(conn, [key], known), found.in_force.catalogue
    written = catalogue.for_others(authors, member)
    let_pass = (await watch_for(conn, catalogue, period, member)).let_pass
    return checked(
        lambda: correct(
            found.stream,
            items,
            now,
            catalogue=catalogue,
            before=before.get(key, {}),
            authors=written,
            let_pass=let_pass,
        )
    )


async def accept(
    writing: Writing, catalogues: Catalogues, period: str, member: str, version: int, seen: Seen
) -> Decided:
    """The coordinator accepts a pending version. Raises Failed."""
    found = await _decidable(writing, catalogues, period, member, seen)
    own = await entered_by(writing.conn, found.stream, version, writing.provenance.actor)
    return await _decide(writing, version, lambda: life.accept(found.stream, version, writing.now, by_enterer=own))


async def withdraw(
    writing: Writing, catalogues: Catalogues, period: str, member: str, version: int, seen: Seen
) -> Decided:
    """The member takes a pending version back. Raises Failed."""
    found = await _decidable(writing, catalogues, period, member, seen)
    return await _decide(writing, version, lambda: life.withdraw(found.stream, version, writing.now))


async def return_(
    writing: Writing,
    catalogues: Catalogues,
    period: str,
    member: str,
    version: int,
    seen: Seen,
    reasons: tuple[ReasonForReturn, ...],
    due: date | None,
) -> Decided:
    """The coordinator returns a pending version with reasons. Raises Failed."""
    found = await _decidable(writing, catalogues, period, member, seen, contents=True)
    add = found.in_force.calendar.add
    watch = await watch_for(writing.conn, found.in_force.catalogue, period, member)
    return await _decide(
        writing, version, lambda: life.return_(found.stream, version, reasons, writing.now, add, due, watch)
    )


async def _decidable(
    writing: Writing, catalogues: Catalogues, period: str, member: str, seen: Seen, *, contents: bool = False
) -> Known:
    known = await load_streams(writing.conn, catalogues, [(period, member)], contents=contents)
    found = known.get((period, member))
    if found is None or not found.stream.revision:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    check_revision(found.stream, seen)
    return found


async def _decide(writing: Writing, version: int, command: Callable[[], Decided]) -> Decided:
    decided = checked(command)
    await store.decide(writing.conn, decided.stream, decided.stream.version(version))
    writing.record(fact_of(decided))
    return decided
