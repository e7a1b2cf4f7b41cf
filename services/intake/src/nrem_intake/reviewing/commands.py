"""Accepting several versions at once: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_intake.submissions import store
from nrem_intake.submissions.commands import Failed, Failure, check_revision, fact_of
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.errors import NotAllowed
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.domain.stream import Decided
from nrem_intake.submissions.streams import Known, load_streams

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_shared.runtime.journal import Writing


@dataclass(frozen=True, slots=True)
class ToAccept:
    """A submission whose pending version says nothing to report, at the revision that was seen."""

    period: str
    member: str
    revision: int

    @property
    def key(self) -> store.Key:
        """The stream."""
        return (self.period, self.member)


async def accept_nothing_to_report(
    writing: Writing, catalogues: Catalogues, wanted: Sequence[ToAccept]
) -> list[Decided]:
    """Accept all of them or none. Raises Failed with every reason, `place` = its number in `wanted`."""
    known = await load_streams(writing.conn, catalogues, [each.key for each in wanted])
    decided: list[Decided] = []
    failures: list[Failure] = []
    for place, each in enumerate(wanted):
        try:
            decided.append(_accepted(known.get(each.key), each, writing))
        except Failed as failed:
            failures += [Failure(place, one.why, one.errors) for one in failed.failures]
        except NotAllowed as error:
            failures.append(Failure(place, "conflict", (Refusal("", error.code, error.parameters),)))
    if failures:
        raise Failed(*failures)
    for one in decided:
        await store.decide(writing.conn, one.stream, one.stream.version(one.event.version))
        writing.record(fact_of(one))
    return decided


def _accepted(found: Known | None, wanted: ToAccept, writing: Writing) -> Decided:
    if found is None or not found.stream.revision:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    check_revision(found.stream, wanted.revision)
    pending = found.stream.pending_version
    if pending is None:
        raise NotAllowed("nothing_pending")
    if not found.stream.version(pending).nothing_to_report:
        raise NotAllowed("something_to_report")
    return life.accept(found.stream, pending, writing.now)
