"""The lines of the statistics: what is known stands there in words, only new lines are to be chosen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nrem_intake.reporting.domain.controls import FigureForm, Line
from nrem_intake.reporting.domain.entries import read
from nrem_intake.reporting.domain.figures import figure_forms
from nrem_intake.reporting.domain.history import History
from nrem_intake.submissions.domain.labels import Text
from nrem_shared.contracts.submissions import content_of
from unit.intake.test_report_form import before, setting

SUSPECT = {"indicator": "SUSP", "sex": "M", "age_group": "UNK", "citizenship": "LV", "form_of_exploitation": "LABOUR"}


def form_of(code: str, items: list[dict[str, Any]], member: str = "vp", history: History | None = None) -> FigureForm:
    (form,) = (one for one in figure_forms(items, setting("2026-Q3", member, history)) if one.code == code)
    return form


def said(line: Line) -> list[str]:
    """What the line is about, in English."""
    return [f"{english(name)}: {english(word)}" if name else english(word) for name, word in line.told]


def english(word: Text) -> str:
    return word if isinstance(word, str) else word["en"]


def posted(lines: Iterable[Line]) -> list[tuple[str, str]]:
    return [pair for line in lines for pair in line.posted()]


def test_what_the_last_quarter_had_is_told_in_words_with_its_figure_and_quarter() -> None:
    form = form_of("SUSP", [], history=before("2026-Q3", "vp"))
    assert form.before == "2026-Q2"
    *carried, new = form.lines
    assert carried
    assert all(len(line.told) == len(form.dimensions) and line.last and not line.filled for line in carried)
    assert (new.told, new.last) == ((), "")


def test_a_saved_line_is_told_and_an_unfinished_one_is_to_be_chosen() -> None:
    unfinished = {"indicator": "SUSP", "sex": "F", "value": 1}
    saved, begun, new = form_of("SUSP", [{**SUSPECT, "value": 2}, unfinished]).lines
    assert said(saved)[0] == "male"
    assert (begun.told, new.told) == ((), ())
    assert begun.dimensions[0].value == "F"


def test_a_word_that_several_lists_have_is_told_with_what_it_says() -> None:
    saved = form_of("SUSP", [{**SUSPECT, "value": 2}]).lines[0]
    assert said(saved)[:3] == ["male", "field.age_group: not known", "Latvia"]
    grid = form_of("A18A_SUSP", [])
    assert [said(line) for line in grid.lines][-1] == ["field.sex: not known", "field.age_group: not known"]


def test_a_code_that_no_list_has_stands_there_as_it_was_typed() -> None:
    line = form_of("SUSP", [{**SUSPECT, "citizenship": "ZZ", "value": 2}]).lines[0]
    assert said(line)[2] == "ZZ"


def test_lines_in_words_are_posted_as_before() -> None:
    quarter = content_of({"observations": [{**SUSPECT, "value": 4}]})
    form = form_of("SUSP", [], history=History([("2026-Q2", quarter)]))
    assert read("observations", posted(form.lines)) == []
    first = form.lines[0]
    fields = [(name, "5" if name == first.value.name else text) for name, text in posted(form.lines)]
    assert read("observations", fields) == [{**SUSPECT, "value": 5}]
