"""What can be done about more time: load what it depends on, decide (pure), write state and fact in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nrem_intake.extensions import store
from nrem_intake.extensions.domain import Decided, Terms
from nrem_intake.redactions.watching import watch_for
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed, Failure
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.submissions import ExtensionAsked, ExtensionRefused, ExtensionStream, SubmissionExtended
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing

_TYPES: dict[type[ExtensionStream], str] = {
    ExtensionAsked: "nrem.submission.extension-asked.v1",
    SubmissionExtended: "nrem.submission.extended.v1",
    ExtensionRefused: "nrem.submission.extension-refused.v1",
}


async def terms_of(conn: Connection, catalogues: Catalogues, period: str, member: str) -> Terms:
    """What an extension depends on. Raises Failed (`unknown`) where there is no such period."""
    found = (await load_streams(conn, catalogues, [(period, member)])).get((period, member))
    if found is None:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    closed = await store.is_closed(conn, period)
    watch = await watch_for(conn, found.in_force.catalogue, period, member)
    return Terms(found.stream, found.owed, closed, await store.extension(conn, period, member), watch)


async def decide(
    writing: Writing, catalogues: Catalogues, period: str, member: str, command: Callable[[Terms], Decided]
) -> Decided:
    """Run one of the domain's commands and keep what it leads to. Raises Failed."""
    terms = await terms_of(writing.conn, catalogues, period, member)
    try:
        decided = command(terms)
    except Unacceptable as error:
        raise Failed(Failure(0, "refused", error.errors)) from error
    except NotAllowed as error:
        raise Failed(Failure(0, "conflict", (Refusal("", error.code, error.parameters),))) from error
    extension, event = decided
    await store.save(writing.conn, extension, writing.now)
    writing.record(Fact(_TYPES[type(event)], extension.subject, extension.revision, event))
    return decided
