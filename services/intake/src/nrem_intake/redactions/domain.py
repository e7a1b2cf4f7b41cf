"""Which texts a redaction takes out, and what a text is let pass for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from nrem_intake.discussions.domain import Remark
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.fields import check_bilingual
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.domain.stream import Version
from nrem_intake.submissions.domain.watch import STRICT, LetPass, Watch
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.operations import TextLetPass
from nrem_shared.runtime import personal_data
from nrem_shared.runtime.journal.redacting import MARKS, free_texts

#: Fields whose text names an item in later versions and quarters: they stay codes.
CODES = frozenset({"code", "initiative_code"})

#: Streams that a redaction knows all the copies of: kind/period/member.
STREAMS = ("submission", "extension", "discussion")

LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Passed:
    """A text let pass: who, why, and how to know it again."""

    id: UUID
    period: str
    member: str
    kinds: tuple[str, ...]
    mark: LetPass
    reason: LocalizedText
    by: str


def document_of(version: Version, remarks: Iterable[Remark] = ()) -> dict[str, Any]:
    """Everything that people wrote about one version: content, reasons of its correction and its return, remarks.

    `remarks` are those of the whole submission: they stay with their item in every version.
    """
    on_behalf = version.authors.on_behalf
    return {
        "content": version.content.model_dump(mode="json") if version.content else {},
        "corrected_figures": [figure.model_dump(mode="json") for figure in version.corrected_figures],
        "reasons": [reason.model_dump(mode="json") for reason in version.reasons],
        "on_behalf": on_behalf.model_dump(mode="json") if on_behalf else None,
        "remarks": {str(one.number): {"text": one.text.model_dump(mode="json")} for one in remarks},
    }


def texts_at(
    document: Any, places: Sequence[str], reason: LocalizedText, code: str, watch: Watch = STRICT
) -> dict[str, str | None]:
    """The texts at the JSON pointers `places` (no places = all there are), each with what takes its place.

    Null = the mark of its field; a code becomes `code`. Raises Unacceptable (`places_missing`, `no_such_place`, what
    the reason is refused for; pointers into `{places, reason}`).
    """
    found = Findings(watch)
    check_bilingual(found, "/reason", reason.model_dump())
    known = dict(free_texts(document))
    chosen: dict[str, str | None] = {}
    for number, place in enumerate(places or known):
        under = {at: text for at, text in known.items() if at == place or at.startswith(f"{place}/")}
        if not under:
            found.add(f"/places/{number}", "no_such_place", value=place)
        for at, text in under.items():
            if text not in MARKS.values():
                chosen.setdefault(text, f"{code}-{len(chosen)}" if at.rpartition("/")[2] in CODES else None)
    if not chosen and not found:
        found.add("/places", "places_missing")
    if found:
        raise Unacceptable(found.sorted())
    return chosen


def stream_of(subject: str) -> tuple[str, str]:
    """(period, member) of a stream that can be redacted. Raises NotAllowed (`not_redactable`)."""
    parts = subject.split("/")
    if len(parts) != 3 or parts[0] not in STREAMS:
        raise NotAllowed("not_redactable", stream=subject)
    return parts[1], parts[2]


def let_pass(text: str, reason: LocalizedText, watch: Watch) -> tuple[str, ...]:
    """The kinds of personal data that a text is taken to hold. Raises Unacceptable (`missing`, `nothing_to_let_pass`,
    `too_long`, what the reason is refused for; pointers into `{text, reason}`)."""
    found = Findings(watch)
    check_bilingual(found, "/reason", reason.model_dump())
    kinds = tuple(sorted({one.kind for one in personal_data.find_all(text, watch.allowed)}))
    if not text.strip():
        found.add("/text", "missing")
    elif len(text) > LONGEST_TEXT:
        over = str(len(text) - LONGEST_TEXT)
        found.add("/text", "too_long", limit=str(LONGEST_TEXT), given=str(len(text)), over=over)
    elif not kinds:
        found.add("/text", "nothing_to_let_pass")
    if found:
        raise Unacceptable(found.sorted())
    return kinds


def fact_of(passed: Passed, characters: int) -> TextLetPass:
    """What the journal says of it: everything but the text."""
    return TextLetPass(
        period=passed.period,
        member=passed.member,
        kinds=passed.kinds,
        characters=characters,
        reason=passed.reason.lv,
    )


def kinds_in(text: str) -> Mapping[str, int]:
    """Kind → how often the guard would find it: shown beside each text that may be redacted."""
    found: dict[str, int] = {}
    for one in personal_data.find_all(text):
        found[one.kind] = found.get(one.kind, 0) + 1
    return found
