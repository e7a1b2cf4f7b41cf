"""Everything administered as one document: written and read back, every fault at once, what would change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_catalogue import codelists, indicators, institutions, projects
from nrem_intake.administration.domain.differences import between, changes, fingerprint
from nrem_intake.administration.domain.document import (
    ContactEntry,
    Document,
    Fault,
    Faulty,
    PeriodEntry,
    check,
    read,
    written,
)
from nrem_intake.submissions.uploads import parse
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.members import InstitutionRegistered, Membership
from nrem_shared.contracts.reference import CodeList, CodeListEntry

pytestmark = pytest.mark.unit

REAL = Document(
    institutions=tuple(institutions()),
    contacts=(ContactEntry(member="vp", role="focal_point", address="kontakts@vp.example"),),
    codelists=tuple(codelists()),
    indicators=tuple(indicators()),
    projects=tuple(projects()),
    periods=(PeriodEntry(code="2026-Q1", group="wg", due=date(2026, 4, 15), owes=("vp", "lm")),),
)

#: Texts that YAML might take for something else.
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40
) | st.sampled_from(
    ["NO", "yes", "1e5", "007", "~", "2026-01-01", "12:30:00", "0x1f", "1_000", "<<", "=", "- a", "a: b", "# c", "''"]
)
NAMES = st.builds(LocalizedText, lv=TEXTS, en=st.none() | TEXTS)
ENTRIES = st.builds(
    CodeListEntry,
    code=TEXTS,
    label=NAMES,
    valid_from=st.none() | st.dates(),
    valid_to=st.none() | st.dates(),
    attributes=st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers() | TEXTS, max_size=3),
)


def as_read(document: Document) -> Document:
    return read(parse(written(document).encode()))


def test_the_real_data_read_back_as_they_were() -> None:
    assert as_read(REAL) == REAL
    assert "nrem-administration/1" in written(REAL)


@given(st.lists(ENTRIES, max_size=3), NAMES, TEXTS)
def test_whatever_is_written_reads_back(codes: list[CodeListEntry], title: LocalizedText, status: str) -> None:
    document = Document(codelists=(CodeList(code="x", title=title, status=status, codes=tuple(codes)),))
    assert as_read(document) == document


def faults(raw: Any) -> list[tuple[str, str]]:
    with pytest.raises(Faulty) as caught:
        read(raw)
    return [(fault.at, fault.code) for fault in caught.value.faults]


def test_everything_wrong_with_a_document_is_told_at_once() -> None:
    raw = {
        "format": "nrem-administration/1",
        "institutions": [{"code": "VP", "abbreviation": "VP", "kind": "ngo", "name": {"lv": "Policija"}}],
        "contacts": [{"member": "vp", "role": "boss", "address": "nobody"}],
        "periods": [{"code": "2026-Q1"}],
    }
    assert faults(raw) == [
        ("/institutions/0/code", "malformed"),
        ("/contacts/0/role", "malformed"),
        ("/contacts/0/address", "malformed"),
        ("/periods/0/group", "missing"),
        ("/periods/0/due", "missing"),
        ("/periods/0/owes", "missing"),
    ]


def test_a_misspelt_field_is_no_silence() -> None:
    name = {"lv": "Policija", "ru": "?"}
    item = {"code": "vp", "abbreviation": "VP", "kind": "ngo", "name": name, "memberships": [], "sing_off": True}
    raw = {"format": "nrem-administration/1", "institutions": [item], "member": []}
    assert sorted(faults(raw)) == [
        ("/institutions/0/name/ru", "unknown"),
        ("/institutions/0/sing_off", "unknown"),
        ("/member", "unknown"),
    ]


@pytest.mark.parametrize("raw", [None, [], "text", {}, {"format": "something/2"}])
def test_what_is_no_export_is_told_so(raw: Any) -> None:
    assert faults(raw) == [("", "no_document")]


def test_what_does_not_fit_together_is_told_with_its_place() -> None:
    twice = InstitutionRegistered(code="aa", abbreviation="AA", name=LocalizedText(lv="A"), kind="ngo", parent="zz")
    ended = Membership(group="wg", since=date(2026, 2, 1), until=date(2026, 1, 1))
    wrong = Document(
        institutions=(twice, twice.model_copy(update={"parent": None, "memberships": (ended,)})),
        contacts=(ContactEntry(member="nobody", role="deputy", address="a@b.example"),) * 2,
        periods=(
            REAL.periods[0].model_copy(update={"due": date(2026, 3, 31), "owes": ("nobody",)}),
            PeriodEntry(code="2026-Q2", group="wg", due=date(2026, 7, 15), owes=("vp",)),
        ),
    )
    found = {(fault.at, fault.code) for fault in check(wrong, REAL)}
    assert found == {
        ("/institutions/0/parent", "unknown_code"),
        ("/institutions/1/code", "duplicate"),
        ("/institutions/1/memberships/0/until", "before_start"),
        ("/contacts/0/member", "unknown_code"),
        ("/contacts/1/member", "unknown_code"),
        ("/contacts/1/role", "duplicate"),
        ("/periods/0/due", "before_end"),
        ("/periods/0", "period_opened"),
        ("/periods/0/owes/0", "unknown_code"),
    }
    assert check(REAL, REAL) == ()
    assert all(isinstance(fault, Fault) for fault in check(wrong, REAL))


def test_what_would_change_is_told_place_by_place_and_nothing_else() -> None:
    assert changes(REAL, REAL) == ()
    first = REAL.codelists[0]
    ends = first.codes[0].model_copy(update={"valid_to": date(2026, 12, 31)})
    changed = first.model_copy(update={"codes": (ends, *first.codes[1:])})
    new = ContactEntry(member="lm", role="deputy", address="a@lm.example")
    found = changes(Document(codelists=(changed,), contacts=(new,)), REAL)
    assert [(change.kind, change.name, change.what) for change in found] == [
        ("contacts", "lm/deputy", "new"),
        ("codelists", first.code, "changed"),
    ]
    (difference,) = found[1].differences
    assert difference.place == f"codes.{first.codes[0].code}.valid_to"
    assert (difference.old, difference.new) == (None, "2026-12-31")
    assert fingerprint(found) != fingerprint(found[:1])


def test_differences_follow_codes_not_places() -> None:
    old = {"codes": [{"code": "A", "n": 1}, {"code": "B", "n": 2}]}
    new = {"codes": [{"code": "B", "n": 2}, {"code": "A", "n": 3}]}
    assert [(d.place, d.old, d.new) for d in between(old, new)] == [("codes.A.n", 1, 3)]
