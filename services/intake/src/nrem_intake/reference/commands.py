"""Changing reference data. Runs inside one `Journal.writing`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrem_intake.reference import store
from nrem_intake.reference.domain import check_reference
from nrem_shared.contracts.reference import ReferenceChanged
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import Problem

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing


async def set_items(writing: Writing, items: Sequence[store.Item]) -> list[str]:
    """Insert or replace; what became a new version, as `kind/code`. Raises the 422 problem with every error."""
    if errors := check_reference(items):
        raise Problem.invalid(errors, "The reference data is not valid")
    known = await store.revisions(writing.conn, [i.kind for i in items], [i.code for i in items])
    changed: dict[tuple[str, str], tuple[int, store.Item]] = {}
    for item in items:
        before = known.get((item.kind, item.code))
        if before is None or before[1] != item:
            changed[(item.kind, item.code)] = (before[0] + 1 if before else 1, item)
    if changed:
        await store.save(writing.conn, changed)
    for (kind, code), (revision, item) in changed.items():
        data = ReferenceChanged(item=item)
        writing.record(Fact("nrem.reference.changed.v1", f"reference/{kind}/{code}", revision, data))
    return [f"{kind}/{code}" for kind, code in changed]
