"""What was typed into a report is never gone: whatever takes its place, it can be had back, section by section."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrem_intake.reporting.domain.draft import Changed, Draft, Locked, begin, discard, hand_over, save
from nrem_intake.reporting.domain.putting_aside import (
    MOST,
    anew,
    have_back,
    left_behind,
    put_aside,
    replaced,
    sent_back,
    take_over,
)
from nrem_shared.contracts.submissions import SubmissionContent

NOW = datetime(2026, 4, 1, tzinfo=UTC)
NOTHING = {"nothing_to_report": True}


def empty(stream_revision: int = 0) -> Draft:
    return begin("2026-Q1", "vp", stream_revision, None)


def typed(draft: Draft, text: str) -> Draft:
    items: list[dict[str, Any]] = [{"text": {"lv": text}}]
    return save(draft, "challenges", items, draft.section_revision("challenges"), "A", NOW, finished=False)


def texts(draft: Draft) -> set[str]:
    """Everything that a draft holds, and that can be had back from it."""
    documents = [draft.document, *(one.document for one in draft.aside)]
    return {item["text"]["lv"] for document in documents for item in document.get("challenges", ())}


def test_nothing_to_report_sent_back_leads_back_to_what_was_typed() -> None:
    handed = hand_over(replaced(typed(empty(), "pirmais"), NOTHING, 0, "A", NOW), "A", nothing=True)
    assert handed.content() == NOTHING
    back = sent_back(handed, "Ir par ko ziņot", NOW)
    assert (back.state, back.note, texts(back), back.aside) == ("open", "Ir par ko ziņot", {"pirmais"}, ())
    assert back.content()["nothing_to_report"] is False


def test_a_file_in_the_place_of_what_was_typed_stays_beside_it_and_both_can_be_changed_about() -> None:
    handed = replaced(typed(empty(), "rakstīts"), {"challenges": [{"text": {"lv": "datne"}}]}, 0, "A", NOW)
    back = sent_back(hand_over(handed, "A"), None, NOW)
    assert (texts(back), len(back.aside)) == ({"rakstīts", "datne"}, 1)
    changed = have_back(back, 0, 3, NOW)
    assert changed.items("challenges")[0]["text"]["lv"] == "rakstīts"
    assert (texts(changed), len(changed.aside), changed.stream_revision) == ({"rakstīts", "datne"}, 1, 3)
    with pytest.raises(Changed):  # somebody had the section open all the while
        save(changed, "challenges", [], 1, "B", NOW, finished=False)


def test_what_was_put_aside_stays_when_something_else_is_submitted() -> None:
    assert left_behind(typed(empty(), "iesniegts")) is None
    sent = replaced(typed(empty(), "rakstīts"), NOTHING, 0, "A", NOW)
    kept = left_behind(sent)
    assert kept is not None
    assert (kept.state, texts(kept)) == ("discarded", {"rakstīts"})
    back = have_back(anew(empty(2), kept, NOW), 0, 2, NOW)
    assert (back.stream_revision, back.items("challenges")[0]["text"]["lv"]) == (2, "rakstīts")


def test_a_draft_is_taken_over_as_it_is() -> None:
    draft = typed(empty(), "rakstīts")
    taken = take_over(draft, 5)
    assert (taken.document, taken.sections, taken.stream_revision) == (draft.document, draft.sections, 5)
    assert taken.revision > draft.revision, "a page that showed the one before is out of date"
    with pytest.raises(Locked):
        take_over(hand_over(draft, "A"), 5)


def test_what_nobody_typed_is_not_put_aside() -> None:
    returned = SubmissionContent.model_validate(
        {"challenges": [{"code": "CH-1", "text": {"lv": "atdots"}, "state": "open"}]}
    )
    begun = begin("2026-Q1", "vp", 2, returned)
    assert replaced(begun, NOTHING, 2, "A", NOW).aside == ()
    assert put_aside(empty(), NOW) == empty()
    with pytest.raises(Locked):
        have_back(empty(), 0, 0, NOW)


STEPS = st.lists(st.sampled_from(["type", "discard", "file", "nothing", "back", "submit"]), max_size=MOST)


@given(STEPS)
def test_whatever_happens_everything_typed_is_there_or_was_submitted(steps: list[str]) -> None:
    draft, written, submitted = empty(), set[str](), set[str]()
    for number, step in enumerate(steps):
        if step == "type":
            draft = typed(draft, str(number))  # over what the section held: that is what saving is
            written = {one for one in written if one in texts(draft)} | {str(number)}
        elif step == "discard" and draft.revision:
            draft = anew(empty(), discard(draft), NOW)
        elif step == "file":
            draft = sent_back(
                hand_over(replaced(draft, {"challenges": [{"text": {"lv": "d"}}]}, 0, "A", NOW), "A"), None, NOW
            )
        elif step == "nothing":
            draft = sent_back(hand_over(replaced(draft, NOTHING, 0, "A", NOW), "A", nothing=True), None, NOW)
        elif step == "back" and draft.aside:
            draft = have_back(draft, len(draft.aside) - 1, 1, NOW)
        elif step == "submit":
            submitted |= {item["text"]["lv"] for item in draft.items("challenges")}
            kept = left_behind(draft)
            draft = anew(empty(), kept, NOW) if kept else empty()
        assert written <= texts(draft) | submitted
