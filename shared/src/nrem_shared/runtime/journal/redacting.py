"""Taking texts out of a journal: payload and salt go, the chain still verifies, readers are told what stays.

Each fact that holds one of the texts gets a successor on its stream: the same fact without them. A fact that goes to no
topic needs none: its redaction alone is journalled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nrem_shared.contracts.operations import FactRedacted, PayloadRedacted
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.contracts.topics import MEETINGS, PLANS, RELEASES, REMINDERS, SUBMISSIONS
from nrem_shared.runtime.journal import store
from nrem_shared.runtime.journal.writing import Fact

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.journal.writing import Writing

#: What stands where a text was, by the field that it stood in; elsewhere the Latvian one.
MARKS = {"lv": "[dzēsts]", "en": "[redacted]"}

#: Fields that hold what people write; codes of lists, numbers and dates are none of them.
FREE = frozenset({
    "lv", "en", "comment", "ref", "name", "code", "initiative_code", "note", "text", "reason", "formula", "text_source",
})  # fmt: skip

#: Topic → the type that tells a fact of it again.
TOLD_AGAIN = {
    SUBMISSIONS: "nrem.submission.redacted.v1",
    MEETINGS: "nrem.meeting.redacted.v1",
    RELEASES: "nrem.release.redacted.v1",
    PLANS: "nrem.plan.redacted.v1",
    REMINDERS: "nrem.reminder.redacted.v1",
}

#: Text → null = the mark of its field, or what takes its place (a code stays one).
Texts = Mapping[str, str | None]


class NotRedactable(Exception):
    """A fact of this type cannot be told again without a text; carries the type."""


def free_texts(document: Any, at: str = "") -> Iterable[tuple[str, str]]:
    """(JSON pointer, text) of everything in a document that people wrote, in order."""
    if isinstance(document, dict):
        for name, value in document.items():
            place = f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}"
            if isinstance(value, str):
                if name in FREE and value.strip():
                    yield place, value
            else:
                yield from free_texts(value, place)
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from free_texts(value, f"{at}/{number}")


def without(document: Any, texts: Texts) -> tuple[Any, tuple[str, ...]]:
    """The document with marks where one of `texts` was the whole value of a free field, and where that was."""
    places: list[str] = []

    def cleaned(value: Any, at: str, name: str) -> Any:
        if isinstance(value, dict):
            return {key: cleaned(each, f"{at}/{key}", key) for key, each in value.items()}
        if isinstance(value, list):
            return [cleaned(each, f"{at}/{number}", "") for number, each in enumerate(value)]
        if not isinstance(value, str) or name not in FREE or value not in texts:
            return value
        places.append(at)
        return texts[value] or MARKS.get(name, MARKS["lv"])

    return cleaned(document, "", ""), tuple(places)


async def redact_texts(writing: Writing, rows: Sequence[asyncpg.Record], texts: Texts, reason: str) -> dict[str, int]:
    """Redact, of these journal rows (position, type, subject, revision, recorded_at, payload), those that hold a text.

    Returns stream → its revision after it, of the streams that were told again. Raises NotRedactable.
    """
    revisions: dict[str, int] = {}
    for row in rows:
        if row["payload"] is None:
            continue
        document = json.loads(row["payload"])
        again = document if EVENT_TYPES[row["type"]].model is FactRedacted else None
        data, places = without(again["data"] if again else document, texts)
        if not places:
            continue
        kind = again["type"] if again else row["type"]
        topic = EVENT_TYPES[kind].topic
        if topic is None:
            writing.record(await _silent(writing, row, reason))
            continue
        if topic not in TOLD_AGAIN:
            raise NotRedactable(kind)
        subject = row["subject"]
        before = revisions.get(subject) or await store.revision_of(writing.conn, subject)
        revisions[subject] = before + 1
        fact = FactRedacted(
            position=row["position"],
            told=again["told"] if again else row["position"],
            type=kind,
            revision=again["revision"] if again else row["revision"],
            recorded_at=again["recorded_at"] if again else row["recorded_at"],
            data=data,
            places=places,
            reason=reason,
        )
        writing.record(Fact(TOLD_AGAIN[topic], subject, before + 1, fact, redacts=row["position"]))
    return revisions


async def _silent(writing: Writing, row: asyncpg.Record, reason: str) -> Fact:
    stream = f"redaction/{row['position']}"
    revision = await store.revision_of(writing.conn, stream) + 1
    data = PayloadRedacted(position=row["position"], subject=row["subject"], reason=reason)
    return Fact("nrem.payload.redacted.v1", stream, revision, data, redacts=row["position"])
