"""The list of contacts that may stand in free text, as the bus tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import CodeList, CodeListEntry, ReferenceChanged
from nrem_shared.runtime.personal_data import ALLOWED_CONTACTS
from nrem_shared.runtime.projection.events import Event

NAME = LocalizedText(lv="Tālrunis", en="Telephone")

#: A helpline of an institution, and a text with it; a number that is nobody's that is known.
HELPLINE = "67222111"
SAID = f"Zvaniet {HELPLINE}"
UNKNOWN = "Zvaniet 29111222"


def allowed_contacts(*contacts: str, revision: int = 1, until: date | None = None) -> Event:
    """The list with these contacts, in force until a day."""
    codes = tuple(CodeListEntry(code=one, label=NAME, valid_to=until) for one in contacts)
    item = CodeList(code=ALLOWED_CONTACTS, title=NAME, status="ours", codes=codes)
    return Event(
        id=f"contacts-{revision}", type="nrem.reference.changed.v1", source="/test",
        subject=f"reference/codelist/{ALLOWED_CONTACTS}", revision=revision, position=9000 + revision, prev=0,
        recorded_at=datetime(2025, 1, 1, tzinfo=UTC), actor="test", correlation_id="test",
        data=ReferenceChanged(item=item),
    )  # fmt: skip
