"""The form of a new code list, and what a change of reference data means for the forms of open quarters: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data_catalogue import codelists, indicators, institutions
from nrem_intake.administration.domain.codelist_form import ListForm, Row, blank, codelist, sent, wrong_with
from nrem_intake.administration.domain.effects import Effect, Item, Reference, divided_by, effects, held_by, together
from nrem_intake.submissions.domain.labels import WORDED
from nrem_shared.contracts.reference import CodeList, CodeListEntry, Indicator
from nrem_shared.web.messages import build_translators

pytestmark = pytest.mark.unit

KNOWN = Reference(codelists(), indicators(), institutions())
OWING = {"2026-Q3": ("vp", "km"), "2026-Q4": ("km", "pmlp", "vp")}
SHELTERS = ListForm(
    "shelter_kind",
    "Patvēruma veids",
    "Kind of shelter",
    (Row("STATE", "valsts", "state"), Row(), Row("OTHER", "c", "o")),
)


def of_list(code: str) -> CodeList:
    return next(each for each in codelists() if each.code == code)


def of_indicator(code: str) -> Indicator:
    return next(each for each in indicators() if each.code == code)


def wrong(form: ListForm, taken: frozenset[str] = frozenset()) -> set[tuple[str, str]]:
    return {(each.field, each.code) for each in wrong_with(form, taken)}


def told(item: Item) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(each.period, each.what, each.codes, each.members) for each in effects(item, KNOWN, OWING)]


def test_what_a_browser_sends_is_the_list_without_its_empty_rows() -> None:
    fields = {"code": " shelter_kind ", "title_lv": "Patvēruma veids", "title_en": "Kind of shelter"}
    for place, row in enumerate(SHELTERS.rows):
        fields |= {f"entry-{place}-code": row.code, f"entry-{place}-lv": row.lv, f"entry-{place}-en": row.en}
    form = sent(fields)
    assert form == SHELTERS
    assert wrong(form) == set()
    made = codelist(form)
    assert [entry.code for entry in made.codes] == ["STATE", "OTHER"]
    assert (made.code, made.title.en, made.status) == ("shelter_kind", "Kind of shelter", "ours")
    assert len(form.longer().rows) > len(form.rows)


def test_every_mistake_in_a_list_is_found_at_once() -> None:
    assert wrong(blank()) == {
        *((name, "missing") for name in ("code", "title_lv", "title_en")),
        ("entry-0-code", "no_codes"),
    }
    rows = (Row("state", "valsts", "state"), Row("A", "", "a"), Row("B", "b", "x" * 501), Row("A", "a", "a"))
    assert wrong(replace(SHELTERS, rows=rows)) == {
        ("entry-0-code", "entry_code"),
        ("entry-1-lv", "missing"),
        ("entry-2-en", "too_long"),
        ("entry-3-code", "twice"),
    }
    assert wrong(SHELTERS, frozenset({"shelter_kind"})) == {("code", "duplicate")}


@pytest.mark.parametrize("code", ["Shelter", "1kind", "kind of", "veids_ā", "x" * 41, "value", "indicator"])
def test_a_list_is_not_called_what_a_dimension_cannot_be(code: str) -> None:
    assert wrong(replace(SHELTERS, code=code)) == {("code", "list_code")}


def test_a_code_that_begins_or_ends_is_told_by_quarter_with_those_whose_figures_it_divides() -> None:
    ages = of_list("age_group")
    elder = CodeListEntry(code="ELDER", label=ages.title, valid_from=date(2026, 10, 1))
    assert told(ages.model_copy(update={"codes": (*ages.codes, elder)})) == [
        ("2026-Q4", "joins", ("ELDER",), ("pmlp", "vp"))
    ]
    ended = tuple(
        one.model_copy(update={"valid_to": date(2026, 9, 30)}) if one.code == "UNK" else one for one in ages.codes
    )
    change = ages.model_copy(update={"codes": ended})
    (left,) = effects(change, KNOWN, OWING)
    assert (left.period, left.what, left.codes) == ("2026-Q4", "leaves", ("UNK",))
    assert held_by(change, (left,), indicators()) == (("2026-Q4", {"age_group": "UNK"}),)
    assert of_indicator("VICT_REFERRED") in divided_by("age_group", indicators())
    assert told(ages.model_copy(update={"title": elder.label})) == []
    assert told(codelist(SHELTERS)) == [], "no form asks for it yet"


def test_an_indicator_that_joins_leaves_or_is_divided_anew_is_told_with_those_who_report_it() -> None:
    referred = of_indicator("VICT_REFERRED")
    assert told(referred) == []
    fewer = referred.model_copy(update={"reported_by": ("km", "vp"), "dimensions": ("sex",)})
    assert told(fewer) == [
        ("2026-Q3", "joins", (), ("km",)),
        ("2026-Q3", "differs", (), ("vp",)),
        ("2026-Q4", "joins", (), ("km",)),
        ("2026-Q4", "leaves", (), ("pmlp",)),
        ("2026-Q4", "differs", (), ("vp",)),
    ]
    ended = referred.model_copy(update={"valid_to": date(2026, 9, 30)})
    assert told(ended) == [("2026-Q4", "leaves", (), ("pmlp", "vp"))]
    twice = [Effect(period, "joins", ("km",)) for period in OWING] + [Effect("2026-Q4", "leaves", ("vp",))]
    assert [(quarters, one.what) for quarters, one in together(twice)] == [
        (("2026-Q3", "2026-Q4"), "joins"),
        (("2026-Q4",), "leaves"),
    ]
    assert held_by(ended, effects(ended, KNOWN, OWING), indicators()) == (("2026-Q4", {"indicator": "VICT_REFERRED"}),)
    joins = [Effect("2026-Q4", "joins", ("km",))]
    assert held_by(ended, joins, indicators()) == ()


def test_every_dimension_that_is_said_to_have_a_word_has_one() -> None:
    for words in build_translators(["nrem_shared.web", "nrem_intake"], pseudo=False, strict=True).values():
        assert all(words.has(f"field.{name}") for name in WORDED)
