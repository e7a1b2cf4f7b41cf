import pytest

from nrem_shared.web.figures import Cell, Column, EmptyKind, FigureTable, Row
from nrem_shared.web.rendering import build_templates

pytestmark = pytest.mark.unit


def _table(*cells: Cell) -> str:
    table = FigureTable(
        "t", "Caption", "Corner", tuple(Column(str(i)) for i, _ in enumerate(cells)), (Row("Row", cells),)
    )
    environment = build_templates().environment("en")
    source = '{% from "nrem/components.html" import figure_table %}{{ figure_table(table) }}'
    return environment.from_string(source).render(table=table)


def test_zero_is_a_number_and_needs_no_legend() -> None:
    shown = _table(Cell(0))
    assert '<td class="nrem-number"><span>0</span></td>' in shown
    assert "legend" not in shown


@pytest.mark.parametrize("kind", list(EmptyKind))
def test_each_kind_of_empty_has_its_own_sign_name_and_legend(kind: EmptyKind) -> None:
    translator = build_templates().translator("en")
    shown = _table(Cell(empty=kind))
    sign, name = translator(f"empty_short.{kind}"), translator(f"empty.{kind}")
    assert f'<abbr title="{name}">{sign}</abbr>' in shown
    assert f"<b>{sign}</b> {name}" in shown


def test_no_two_kinds_of_empty_look_alike() -> None:
    for language in ("lv", "en"):
        translator = build_templates().translator(language)
        assert len({translator(f"empty_short.{kind}") for kind in EmptyKind}) == len(EmptyKind)


def test_a_cell_is_a_number_or_an_empty() -> None:
    with pytest.raises(ValueError, match="either"):
        Cell()
    with pytest.raises(ValueError, match="either"):
        Cell(1, EmptyKind.UNKNOWN)


def test_a_row_has_one_cell_per_column() -> None:
    with pytest.raises(ValueError, match="1 cells for 0 columns"):
        FigureTable("t", "Caption", "Corner", (), (Row("Row", (Cell(1),)),))


def test_rows_and_columns_are_headed_and_the_scrolling_region_has_a_name() -> None:
    shown = _table(Cell(3, small=True))
    assert '<th scope="row">Row</th>' in shown
    assert '<th scope="col" class="nrem-number">0</th>' in shown
    assert 'role="region" aria-labelledby="t-caption" tabindex="0"' in shown
    assert "small count: not shown in public tables" in shown
