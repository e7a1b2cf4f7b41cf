"""The guard of free text: whatever a command of this service would journal is read before it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from nrem_plan_tracker.refusals import Refusal, invalid
from nrem_shared.contracts.meetings import MinutesApproved, MinutesCirculated
from nrem_shared.runtime import personal_data
from nrem_shared.runtime.allowed_contacts.store import allowed
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal.redacting import free_texts

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Fact, Writing
    from nrem_shared.runtime.personal_data import Allowed

#: What these say was guarded where it was written: in reports, decisions, amendments.
_ASSEMBLED = (MinutesCirculated, MinutesApproved)

#: A state that the event carries whole, in front of what the command brought.
_CARRIED = re.compile(r"^/amendments/\d+")


async def guard(writing: Writing) -> None:
    """Refuse personal data in what people wrote: its kind, and where in the text it begins. Raises Refused."""
    invalid(found_in(writing.facts, await allowed(writing.conn, local_date(writing.now))))


def found_in(facts: Iterable[Fact], allowed: Allowed) -> list[Refusal]:
    """Every piece of personal data in the facts, once for each place and text."""
    found: dict[tuple[str, int], Refusal] = {}
    for fact in facts:
        if isinstance(fact.data, _ASSEMBLED):
            continue
        for at, text in free_texts(fact.data.model_dump(mode="json")):
            place = _CARRIED.sub("", at)
            for one in personal_data.find_all(text, allowed):
                refusal = Refusal(place, f"personal_data_{one.kind}", {"position": one.start + 1})
                found.setdefault((place, one.start), refusal)
    return list(found.values())
