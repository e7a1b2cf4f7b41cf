"""Taking texts out of everything that a service itself decided: its journal, its tables, what readers keep of both."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_shared.runtime import personal_data
from nrem_shared.runtime.allowed_contacts.store import allowed
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import store as journal
from nrem_shared.runtime.journal.redacting import NotRedactable, redact_texts
from nrem_shared.runtime.redactions import store
from nrem_shared.runtime.redactions.texts import Text, chosen, texts_of

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing
    from nrem_shared.runtime.journal.redacting import Texts

    #: Takes texts out of a service's tables; told which streams have which revision now.
    Clean = Callable[[Writing, Texts, Mapping[str, int]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with a wish to redact: where (JSON pointer into it), and a code that says what."""

    pointer: str
    code: str


class Refused(Exception):
    """A redaction is not possible as wished: everything that is wrong."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(f"{one.pointer} {one.code}" for one in refusals))
        self.refusals = refusals


async def at_position(conn: Connection, position: int, places: Sequence[str]) -> list[Text]:
    """The texts at places of a fact (none = all of it). Raises Refused."""
    row = await store.fact_at(conn, position)
    if row is None or row["payload"] is None:
        raise Refused(Refusal("/position", "no_such_position" if row is None else "redacted_already"))
    found, empty = chosen(texts_of([dict(row)]), places)
    if empty:
        raise Refused(*(Refusal(f"/places/{number}", "no_such_text") for number in empty))
    if not found:
        raise Refused(Refusal("/places", "no_such_text"))
    return found


async def of_stream(conn: Connection, subject: str) -> list[Text]:
    """Every text that the facts of one stream say, the newest first."""
    return texts_of(dict(row) for row in await journal.of_streams(conn, [_literally(subject)]))


async def take_out(writing: Writing, texts: Sequence[Text], reason: str, clean: Clean) -> int:
    """Take the texts out of every fact of this service and of its tables; returns how many facts lost their payload.

    Raises Refused: `reason_missing`, `reason_personal_data` (at `/reason`), `not_redactable`.
    """
    await _check_reason(writing, reason)
    wanted: Texts = {one.text: None for one in texts}
    rows = await journal.of_streams(writing.conn, ["%"])
    try:
        revisions = await redact_texts(writing, rows, wanted, reason.strip())
    except NotRedactable as error:
        raise Refused(Refusal("/position", "not_redactable")) from error
    facts = len(writing.facts)
    await clean(writing, wanted, revisions)
    await store.forget_answers(writing.conn, [json.dumps(text, ensure_ascii=False)[1:-1] for text in wanted])
    return facts


async def _check_reason(writing: Writing, reason: str) -> None:
    if not reason.strip():
        raise Refused(Refusal("/reason", "reason_missing"))
    contacts = await allowed(writing.conn, local_date(writing.now))
    if personal_data.find(reason, contacts) is not None:
        raise Refused(Refusal("/reason", "reason_personal_data"))


def _literally(subject: str) -> str:
    """A subject for LIKE."""
    return subject.replace("\\", "\\\\").replace("_", r"\_").replace("%", r"\%")
