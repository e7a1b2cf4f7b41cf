"""That something waits for the authorised officer's signature is a fact of its own: what is in it is none yet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from nrem_intake.reporting import store
from nrem_intake.submissions.domain.stream import DAYS_TO_RESUBMIT
from nrem_shared.contracts.submissions import SignatureAwaited, SignatureSettled
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_intake.submissions.streams import Known
    from nrem_shared.runtime.journal import Writing

Kind = Literal["report", "correction"]
Outcome = Literal["signed", "sent_back", "taken_back", "lapsed"]


async def await_signature(writing: Writing, known: Known, kind: Kind, prepared_by: str) -> None:
    """It was handed over. A report is to be signed by its own due date, a correction within five working days."""
    stream = known.stream
    due: date = stream.due
    if kind == "correction":
        due = known.in_force.calendar.add(local_date(writing.now), DAYS_TO_RESUBMIT)
    before = await store.signature(writing.conn, stream.period, stream.member)
    revision = (before.revision if before else 0) + 1
    data = SignatureAwaited(
        period=stream.period,
        member=stream.member,
        kind=kind,
        due=due,
        prepared_by=prepared_by,
        illustrative=stream.illustrative,
    )
    await store.put_signature(writing.conn, data, revision, awaited=True)
    writing.record(Fact("nrem.signature.awaited.v1", subject(stream.period, stream.member), revision, data))


async def settle(writing: Writing, period: str, member: str, outcome: Outcome) -> None:
    """It waits no more; nothing happens where it did not."""
    before = await store.signature(writing.conn, period, member)
    if before is None or not before.awaited:
        return
    data = SignatureSettled(**before.item.model_dump(), outcome=outcome)
    await store.put_signature(writing.conn, before.item, before.revision + 1, awaited=False)
    writing.record(Fact("nrem.signature.settled.v1", subject(period, member), before.revision + 1, data))


def subject(period: str, member: str) -> str:
    """The stream's name in the journal and on the bus."""
    return f"signature/{period}/{member}"
