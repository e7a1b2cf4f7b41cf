"""The guard of free text: whatever a command of this service would journal is read before it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from nrem_plan_tracker.refusals import Refusal, invalid
from nrem_shared.contracts.meetings import MinutesApproved, MinutesCirculated
from nrem_shared.runtime import personal_data
from nrem_shared.runtime.journal.redacting import free_texts

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Fact

#: What these say was guarded where it was written: in reports, decisions, amendments.
_ASSEMBLED = (MinutesCirculated, MinutesApproved)

#: A state that the event carries whole, in front of what the command brought.
_CARRIED = re.compile(r"^/amendments/\d+")


def guard(facts: Iterable[Fact]) -> None:
    """Refuse personal data in what people wrote: its kind, and where in the text it begins. Raises Refused."""
    found: dict[tuple[str, int], Refusal] = {}
    for fact in facts:
        if isinstance(fact.data, _ASSEMBLED):
            continue
        for at, text in free_texts(fact.data.model_dump(mode="json")):
            place = _CARRIED.sub("", at)
            for one in personal_data.find_all(text):
                refusal = Refusal(place, f"personal_data_{one.kind}", {"position": one.start + 1})
                found.setdefault((place, one.start), refusal)
    invalid(found.values())
