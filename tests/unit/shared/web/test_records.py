"""Cells of records name their column, so that a record can be read where there is no room for columns."""

from __future__ import annotations

from markupsafe import Markup

from nrem_shared.web.records import labelled


def test_each_cell_is_told_the_heading_of_its_column_in_every_row() -> None:
    rows = '<tr><th scope="row">VP</th><td class="x">new</td></tr><tr id="b"><th>LM</th><td>late</td></tr>'
    assert labelled(rows, ["Institution", "State"]) == (
        '<tr><th scope="row">VP</th><td data-label="State" class="x">new</td></tr>'
        '<tr id="b"><th>LM</th><td data-label="State">late</td></tr>'
    )


def test_a_heading_becomes_plain_text_that_cannot_leave_its_attribute() -> None:
    told = labelled("<tr><td>1</td></tr>", [Markup('Sum "net" <abbr title="euro">EUR</abbr>')])
    assert told == '<tr><td data-label="Sum &#34;net&#34; EUR">1</td></tr>'


def test_a_cell_beyond_the_headings_stays_as_it_is() -> None:
    assert labelled("<tr><td>1</td><td>2</td></tr>", ["One"]) == '<tr><td data-label="One">1</td><td>2</td></tr>'


def test_text_that_looks_like_a_cell_is_no_cell() -> None:
    assert labelled("<tr><td>&lt;td&gt;</td></tr>", ["One"]).count("data-label") == 1


def test_a_row_that_a_cell_above_spans_lacks_the_first_ones() -> None:
    rows = '<tr><th rowspan="2">VP</th><td>report</td><td>15</td></tr>\n<tr><td>task</td><td>30</td></tr>'
    told = labelled(rows, ["Recipient", "Obligation", "Due"])
    assert '<tr><td data-label="Obligation">task</td><td data-label="Due">30</td></tr>' in told
