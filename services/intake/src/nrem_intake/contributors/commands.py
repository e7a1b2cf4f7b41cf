"""Inviting, changing sections, taking away: state and fact in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from nrem_intake.contributors import store
from nrem_intake.contributors.domain import Invitation, Mistake, mistakes
from nrem_intake.contributors.store import Contributor
from nrem_intake.identity.sessions.commands import end_of_contributor
from nrem_shared.contracts.members import ContributorChanged
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing


class Mistaken(Exception):
    """The invitation cannot be sent; `mistakes` are all of its errors."""

    def __init__(self, found: tuple[Mistake, ...]) -> None:
        super().__init__(", ".join(one.code for one in found))
        self.mistakes = found


async def invite(writing: Writing, member: str, given: Invitation) -> Contributor:
    """Somebody helps from now on. Raises Mistaken."""
    known = {one.address.lower() for one in await store.of_member(writing.conn, member)}
    if found := mistakes(given, known):
        raise Mistaken(found)
    one = Contributor(uuid4(), member, given.address, given.name, given.language, given.sections, 1, writing.now)
    await store.insert(writing.conn, one)
    _record(writing, one)
    return one


async def change(writing: Writing, one: Contributor, sections: tuple[str, ...]) -> None:
    """Other sections; whoever may fill less than before is signed out, and comes back with what is left."""
    if sections == one.sections:
        return
    changed = replace(one, sections=sections, revision=one.revision + 1)
    await store.set_sections(writing.conn, one.id, sections, changed.revision)
    if set(one.sections) - set(sections):
        await end_of_contributor(writing, one.id)
    _record(writing, changed)


async def remove(writing: Writing, one: Contributor) -> None:
    """Somebody does not help any more: name and address are erased, sessions end."""
    await store.delete(writing.conn, one.id)
    await end_of_contributor(writing, one.id)
    _record(writing, replace(one, sections=(), revision=one.revision + 1))


def _record(writing: Writing, one: Contributor) -> None:
    data = ContributorChanged(contributor=str(one.id), member=one.member, sections=one.sections)
    writing.record(Fact("nrem.contributor.changed.v1", f"contributor/{one.id}", one.revision, data))
