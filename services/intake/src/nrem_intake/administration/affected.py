"""What a change of reference data touches: read for the page that shows it before it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_intake.administration import store
from nrem_intake.administration.domain.effects import Effect, Item, Reference, divided_by, effects, held_by, together
from nrem_intake.members import store as members_store
from nrem_intake.periods import store as periods_store
from nrem_intake.reference import store as reference_store
from nrem_shared.contracts.reference import CodeList, Indicator

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class Affected:
    """What keeping an item would touch.

    `divided`: indicators divided by a code list; `effects` with their open quarters; `drafts` (quarter, member) whose
    draft holds what its form would no longer take; `open_quarters` are all there are.
    """

    divided: Sequence[Indicator]
    effects: Sequence[tuple[Sequence[str], Effect]]
    drafts: Sequence[tuple[str, str]]
    open_quarters: Sequence[str]


async def affected_by(conn: Connection, item: Item) -> Affected:
    """What keeping the item would touch."""
    known = await _reference(conn)
    owing = await _owing(conn)
    found = effects(item, known, owing)
    held = held_by(item, found, known.indicators)
    drafts = await store.drafts_holding(conn, held) if held else []
    divided = divided_by(item.code, known.indicators) if isinstance(item, CodeList) else ()
    return Affected(divided, together(found), drafts, list(owing))


async def _owing(conn: Connection) -> Mapping[str, Sequence[str]]:
    rows = reversed(await periods_store.periods(conn))
    return {row["code"]: row["owes"] for row in rows if row["state"] == "open"}


async def _reference(conn: Connection) -> Reference:
    return Reference(
        [CodeList.model_validate(each) for each in await reference_store.of_kind(conn, "codelist")],
        [Indicator.model_validate(each) for each in await reference_store.of_kind(conn, "indicator")],
        [item for _, item in (await members_store.institutions(conn)).values()],
    )
