"""Accepting several versions at once, all of them or none; deciding a correction figure by figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_intake.redactions.watching import watch_for
from nrem_intake.reviewing.domain import partly
from nrem_intake.reviewing.domain.partly import Basis, Refused
from nrem_intake.submissions import store
from nrem_intake.submissions.deciding import entered_by
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.domain.stream import Decided
from nrem_intake.submissions.facts import fact_of
from nrem_intake.submissions.failures import Failed, Failure, check_revision
from nrem_intake.submissions.streams import Known, accumulated, load_streams

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_intake.submissions.failures import Seen
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
            decided.append(await _accepted(known.get(each.key), each, writing))
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


async def decide_figures(
    writing: Writing, catalogues: Catalogues, period: str, member: str, version: int, seen: Seen, refused: Refused
) -> tuple[Decided, ...]:
    """Approve figures of a pending correction and return the others: three facts, or none. Raises Failed."""
    key = (period, member)
    known = await load_streams(writing.conn, catalogues, [key], contents=True)
    found = known.get(key)
    if found is None or not found.stream.revision:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    check_revision(found.stream, seen)
    before = await accumulated(writing.conn, [key], known)
    watch = await watch_for(writing.conn, found.in_force.catalogue, period, member)
    own = await entered_by(writing.conn, found.stream, version, writing.provenance.actor)
    basis = Basis(found.in_force.catalogue, before.get(key, {}), found.in_force.calendar.add, watch.let_pass, own)
    try:
        made = partly.decide_figures(found.stream, version, refused, writing.now, basis)
    except Unacceptable as error:
        raise Failed(Failure(0, "refused", error.errors)) from error
    except NotAllowed as error:
        raise Failed(Failure(0, "conflict", (Refusal("", error.code, error.parameters),))) from error
    returned, submitted, accepted = made
    await store.decide(writing.conn, returned.stream, returned.stream.version(version))
    await store.insert(writing.conn, [submitted])
    await store.decide(writing.conn, accepted.stream, accepted.stream.versions[-1])
    writing.record(*map(fact_of, made))
    return made


async def _accepted(found: Known | None, wanted: ToAccept, writing: Writing) -> Decided:
    if found is None or not found.stream.revision:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    check_revision(found.stream, wanted.revision)
    pending = found.stream.pending_version
    if pending is None:
        raise NotAllowed("nothing_pending")
    if not found.stream.version(pending).nothing_to_report:
        raise NotAllowed("something_to_report")
    own = await entered_by(writing.conn, found.stream, pending, writing.provenance.actor)
    return life.accept(found.stream, pending, writing.now, by_enterer=own)
