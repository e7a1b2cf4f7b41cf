"""Remarks about a submission: who may say what, and what becomes a fact. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from nrem_intake.submissions.domain.errors import Unacceptable
from nrem_intake.submissions.domain.fields import check_text
from nrem_intake.submissions.domain.item_keys import key_at
from nrem_intake.submissions.domain.pointers import resolves
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.domain.stream import Stream
from nrem_intake.submissions.domain.watch import STRICT, Watch
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.discussions import RemarkAnnounced, RemarkMade, Side
from nrem_shared.contracts.submissions import SubmissionContent

#: The longest remark, in characters.
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark as both sides read it; `number` counts those of the stream from 1."""

    number: int
    version: int
    at: str
    item: str
    text: LocalizedText
    side: Side
    by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ToSay:
    """What somebody wants to say: about which place of which version, in whose name, in one language."""

    version: int
    at: str
    text: str
    side: Side
    by: str
    language: str


def remark(stream: Stream, wanted: ToSay, watch: Watch = STRICT) -> RemarkMade:
    """The fact of a remark; the version's content must be loaded.

    Raises NotAllowed (`unknown_version`), Unacceptable (`no_such_place`, `missing`, `too_long`, `personal_data`;
    pointers into `{at, text}`).
    """
    content = stream.version(wanted.version).content or SubmissionContent()
    found = Findings(watch)
    if not resolves(content.model_dump(mode="json"), wanted.at):
        found.add("/at", "no_such_place", value=wanted.at)
    check_text(found, "/text", wanted.text, LONGEST)
    if found:
        raise Unacceptable(found.sorted())
    return RemarkMade(
        period=stream.period,
        member=stream.member,
        version=wanted.version,
        at=wanted.at,
        item=key_at(content, wanted.at),
        text=LocalizedText.written(wanted.text.strip(), wanted.language),
        side=wanted.side,
        by=wanted.by[:200],
        illustrative=stream.illustrative,
    )


def announced(made: RemarkMade, number: int, thread: int) -> RemarkAnnounced:
    """What the other side is told of: that something was said, and where to read it."""
    return RemarkAnnounced(
        period=made.period,
        member=made.member,
        number=number,
        thread=thread,
        version=made.version,
        at=made.at,
        side=made.side,
        illustrative=made.illustrative,
    )


def by_item(remarks: Iterable[Remark]) -> Mapping[str, tuple[Remark, ...]]:
    """Item → what was said about it, oldest first; the empty item is the submission as a whole."""
    threads: dict[str, tuple[Remark, ...]] = {}
    for each in remarks:
        threads[each.item] = (*threads.get(each.item, ()), each)
    return threads
