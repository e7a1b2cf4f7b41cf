"""Which texts a redaction takes out, and what stays of a document."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nrem_intake.redactions.domain import let_pass, stream_of, texts_at
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.watch import STRICT, LetPass, Watch
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.journal.redacting import free_texts, without

pytestmark = pytest.mark.unit

REASON = LocalizedText(lv="Nosaukta persona")
DOCUMENT = {
    "content": {
        "observations": [{"indicator": "VICT_REG", "value": 3, "comment": "Anna"}],
        "challenges": [{"code": "CH-anna", "text": {"lv": "Anna gaida", "en": "Anna waits"}, "state": "open"}],
    },
    "reasons": [{"at": "/challenges/0", "text": {"lv": "Anna gaida", "en": None}}],
}


def codes(error: pytest.ExceptionInfo[Unacceptable]) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in error.value.errors]


def test_a_place_is_a_text_or_everything_under_it() -> None:
    assert texts_at(DOCUMENT, ["/content/challenges/0/text"], REASON, "x") == {"Anna gaida": None, "Anna waits": None}
    everything = texts_at(DOCUMENT, [], REASON, "x")
    assert everything == {"Anna": None, "CH-anna": "x-1", "Anna gaida": None, "Anna waits": None}


def test_places_and_the_reason_are_checked_together() -> None:
    with pytest.raises(Unacceptable) as error:
        texts_at(DOCUMENT, ["/content/observations/0/value", "/nowhere"], LocalizedText(lv="Zvanīja 29123456"), "x")
    assert codes(error) == [
        ("/places/0", "no_such_place"),
        ("/places/1", "no_such_place"),
        ("/reason/lv", "personal_data"),
    ]


def test_the_same_words_go_everywhere_and_everything_else_stays() -> None:
    cleaned, places = without(DOCUMENT, {"Anna gaida": None, "Anna waits": None, "CH-anna": "x-1"})
    assert places == (
        "/content/challenges/0/code",
        "/content/challenges/0/text/lv",
        "/content/challenges/0/text/en",
        "/reasons/0/text/lv",
    )
    assert cleaned["content"]["challenges"] == [
        {"code": "x-1", "text": {"lv": "[dzēsts]", "en": "[redacted]"}, "state": "open"}
    ]
    assert cleaned["content"]["observations"] == DOCUMENT["content"]["observations"]  # type: ignore[index]


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["lv", "en", "comment", "code", "state", "items"]), inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(max_examples=150, deadline=None)
@given(documents)
def test_what_is_redacted_is_gone_and_a_second_time_changes_nothing(document: object) -> None:
    texts = {text: f"mark-{n}" for n, (_, text) in enumerate(free_texts(document))}
    cleaned, places = without(document, texts)
    assert len(places) == len(list(free_texts(document)))
    assert {text for _, text in free_texts(cleaned)} <= set(texts.values())
    assert without(cleaned, texts) == (cleaned, ())


@pytest.mark.parametrize("subject", ["period/2026-Q1", "member/vp", "reference/codelist/sex", "submission/2026-Q1"])
def test_only_what_is_known_through_and_through_is_redacted(subject: str) -> None:
    with pytest.raises(NotAllowed) as error:
        stream_of(subject)
    assert error.value.code == "not_redactable"


def test_a_text_let_pass_is_known_by_its_hash_alone() -> None:
    mark = LetPass.of("Ieraksts 29123456", b"salt")
    watch = Watch(let_pass=(mark,))
    assert watch.lets_pass("Ieraksts 29123456 ")
    assert not watch.lets_pass("Ieraksts 29123457")
    assert b"29123456" not in mark.digest


def test_only_what_is_held_back_can_be_let_pass() -> None:
    assert let_pass("Ieraksts 29123456", REASON, STRICT) == ("phone",)
    with pytest.raises(Unacceptable) as error:
        let_pass("Nekā nav", REASON, STRICT)
    assert codes(error) == [("/text", "nothing_to_let_pass")]
