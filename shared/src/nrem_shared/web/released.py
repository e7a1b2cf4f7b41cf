"""The tables of a release as a page shows them, in whichever service."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.releases import ReleasedFigure, ReleasedTable, ReleasedValue
from nrem_shared.web.figures import Cell, Column, EmptyKind, FigureTable, Row, Text
from nrem_shared.web.released_words import ReleasedWords


class ReleasedTables(ReleasedWords):
    """The tables of one release in one language."""

    def routes(self) -> list[FigureTable]:
        """Indicators that two routes count: the overlap and the total, route by route, and each breakdown."""
        return [table for one in self._of("routes") for table in self._routes(one)]

    def indicators(self) -> FigureTable | None:
        """All other indicators that members report, broken down by their last dimension."""
        tables = [one for one in self.release.tables if one.source == "observations" and one.combination != "routes"]
        return self._several("indicators", "released.indicators", tables)

    def activities(self) -> FigureTable | None:
        """What was done."""
        return self._several("activities", "released.activities", self._from("activities"))

    def funding(self) -> FigureTable | None:
        """Money, by source and by purpose."""
        tables = self._from("funding")
        rows = [row for one in tables for row in self._with_every_dimension(one)]
        if not rows:
            return None
        caption, corner = self.word("released.funding"), self.word("released.figure")
        return self._table("funding", caption, corner, [tables[0].unit_label], rows)

    def _of(self, combination: str) -> list[ReleasedTable]:
        return [one for one in self.release.tables if one.combination == combination]

    def _from(self, source: str) -> list[ReleasedTable]:
        return [one for one in self.release.tables if one.source == source]

    def _routes(self, table: ReleasedTable) -> Iterator[FigureTable]:
        crossed = next((tuple(one.dimensions) for one in table.figures if len(one.dimensions) == 2), ())
        route = (*crossed, *(one.code for one in table.dimensions), "")[0]
        alone = [one for one in table.figures if one.measure == "deduplicated"]
        rows = [self._row(table, one) for one in _along(table, route)]
        rows += [self._whole(one) for one in table.figures if not one.dimensions and one not in alone]
        totals = [self._whole(one) if not one.dimensions else self._row(table, one, 1) for one in alone]
        corner = self.dimension(table, route)
        yield self._table(table.indicator, table.title, corner, [table.unit_label], rows, totals, about=table.why)
        if crossed:
            yield self._cross(table, crossed)
        codes = [one.code for one in table.dimensions]
        shown = {route, *crossed, *(name for one in alone for name in one.dimensions)}
        for name in codes:
            if name not in shown and f"{name}_group" not in codes:
                yield self._breakdown(table, name)

    def _breakdown(self, table: ReleasedTable, name: str) -> FigureTable:
        title, by = self.formats.localized(table.title), self.formats.localized(self.dimension(table, name))
        rows = [self._row(table, one) for one in _along(table, name)]
        caption = self.word("released.breakdown", title=title, by=by.lower())
        return self._table(f"{table.indicator}-{name}", caption, by, [self.word("released.registrations")], rows)

    def _cross(self, table: ReleasedTable, names: Sequence[str]) -> FigureTable:
        across, down = names
        cells = {
            (one.dimensions[across], one.dimensions[down]): one for one in table.figures if len(one.dimensions) == 2
        }
        columns, rows = (sorted({key[place] for key in cells}) for place in (0, 1))
        return self._table(
            f"{table.indicator}-{across}-{down}",
            self.word(
                "released.cross",
                first=self.formats.localized(self.dimension(table, across)),
                second=self.formats.localized(self.dimension(table, down)).lower(),
            ),
            self.dimension(table, down),
            [self.label(table, across, code) for code in columns],
            [
                Row(_text(self.label(table, down, code)), tuple(self._crossing(cells.get((c, code))) for c in columns))
                for code in rows
            ],
            about=self.word("released.small", threshold=self.release.small_cell_threshold),
        )

    def _crossing(self, figure: ReleasedFigure | None) -> Cell:
        if figure is None:
            return Cell(empty=EmptyKind.NOT_REPORTED)
        small = figure.value is not None and 0 < figure.value < self.release.small_cell_threshold
        return _cell(figure, small)

    def _several(self, name: str, caption: str, tables: Sequence[ReleasedTable]) -> FigureTable | None:
        rows = [row for one in tables for row in self._with_last_dimension(one)]
        columns: list[Text | LocalizedText] = [self.word("released.count"), self.word("released.unit")]
        corner = self.word("released.indicator")
        return self._table(name, self.word(caption), corner, columns, rows, numeric=(True, False)) if rows else None

    def _with_last_dimension(self, table: ReleasedTable) -> Iterator[Row]:
        unit = self.formats.localized(table.unit_label)
        whole = next((one for one in table.figures if not one.dimensions), None)
        if whole is not None and whole.measure == "reported":
            unit = self.word("released.not_additive", unit=unit)
        yield Row(_text(table.title), (_cell(whole) if whole else "", unit))
        if table.dimensions:
            for one in _along(table, table.dimensions[-1].code):
                yield Row(_text(self.label_of(table, one)), (_cell(one), ""), level=1)

    def _with_every_dimension(self, table: ReleasedTable) -> Iterator[Row]:
        for one in table.figures:
            if not one.dimensions:
                yield Row(_text(table.title), (self._amount(one),))
        for dimension in table.dimensions:
            yield Row(_text(dimension.title), ("",))
            for one in _along(table, dimension.code):
                yield Row(_text(self.label_of(table, one)), (self._amount(one),), level=1)

    def _row(self, table: ReleasedTable, one: ReleasedFigure, level: int = 0) -> Row:
        return Row(_text(self.label_of(table, one)), (_cell(one),), level=level)

    def _whole(self, one: ReleasedFigure) -> Row:
        return Row(self.word(f"released.measure.{one.measure}"), (_cell(one),))

    def _amount(self, one: ReleasedFigure) -> Cell | Text:
        return self.formats.money(Decimal(one.value) / 100) if one.value is not None else _cell(one)

    def _table(
        self,
        name: str,
        caption: Text | LocalizedText,
        corner: Text | LocalizedText,
        columns: Sequence[Text | LocalizedText],
        rows: Sequence[Row],
        totals: Sequence[Row] = (),
        about: LocalizedText | str | None = None,
        numeric: tuple[bool, ...] = (),
    ) -> FigureTable:
        return FigureTable(
            identifier=f"{self.prefix}-{name.lower().replace('_', '-')}",
            caption=_text(caption),
            corner=_text(corner),
            columns=tuple(Column(_text(one), numeric[n] if numeric else True) for n, one in enumerate(columns)),
            rows=tuple(rows),
            totals=tuple(totals),
            about=_text(about) if about is not None else None,
            illustrative=self.release.illustrative,
        )


def _along(table: ReleasedTable, dimension: str) -> Iterator[ReleasedFigure]:
    """The figures broken down by that dimension alone, but for those without repetitions."""
    return (one for one in table.figures if set(one.dimensions) == {dimension} and one.measure != "deduplicated")


def _cell(one: ReleasedValue, small: bool = False) -> Cell:
    if one.value is None:
        return Cell(empty=EmptyKind(one.empty or "unknown"))
    return Cell(one.value, small=small, partial=one.incomplete)


def _text(text: Text | LocalizedText) -> str | Mapping[str, str]:
    return {"lv": text.lv, "en": text.en or text.lv} if isinstance(text, LocalizedText) else text
