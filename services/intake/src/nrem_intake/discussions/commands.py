"""Saying something about a submission: load it, decide (pure), keep remark and fact in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.discussions import store
from nrem_intake.discussions.domain import Remark, ToSay, announced, remark
from nrem_intake.redactions.watching import watch_for
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed, Failure
from nrem_intake.submissions.streams import load_streams
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_shared.runtime.journal import Writing


async def say(writing: Writing, catalogues: Catalogues, period: str, member: str, wanted: ToSay) -> Remark:
    """Keep a remark. Raises Failed (`unknown` where there is no such submission or version, `refused`)."""
    known = await load_streams(writing.conn, catalogues, [(period, member)], contents=True)
    found = known.get((period, member))
    if found is None:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    watch = await watch_for(writing.conn, found.in_force.catalogue, period, member)
    try:
        made = remark(found.stream, wanted, watch)
    except NotAllowed as error:
        raise Failed(Failure(0, "unknown", (Refusal("", error.code, error.parameters),))) from error
    except Unacceptable as error:
        raise Failed(Failure(0, "refused", error.errors)) from error
    number = await store.last_number(writing.conn, period, member) + 1
    thread = await store.first_about(writing.conn, period, member, made.item) or number
    await store.add(writing.conn, number, made, writing.now)
    writing.record(
        Fact("nrem.remark.made.v1", f"discussion/{period}/{member}", number, made),
        Fact("nrem.remark.announced.v1", f"remark/{period}/{member}", number, announced(made, number, thread)),
    )
    return Remark(number, made.version, made.at, made.item, made.text, made.side, made.by, writing.now)
