"""The words and values of a release: titles, labels, what changed; the tables are in `released`."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.releases import FiguresReleased, Measure, ReleasedFigure, ReleasedTable, ReleasedValue
from nrem_shared.web.formats import Formats

#: Unit of money: whole cents.
CENTS = "eur_cent"


@dataclass(frozen=True)
class ReleasedWords:
    """One release in one language. `prefix` keeps identifiers apart where a page shows several releases."""

    release: FiguresReleased
    formats: Formats
    prefix: str = "released"

    def changes(self) -> list[tuple[str, str, str]]:
        """(what, old, new) of figures of the whole that changed since the release before."""
        return [
            (
                self.name(one.indicator, one.measure),
                self.value(one.indicator, one.old),
                self.value(one.indicator, one.new),
            )
            for one in self.release.changes
            if not one.dimensions
        ]

    def corrections(self) -> Iterator[dict[str, object]]:
        """What members corrected since the release before: member, what, old, new, reason and when accepted."""
        for one in self.release.corrections:
            codes = [self._code(one.indicator, name, code) for name, code in one.dimensions.items()]
            yield {
                "member": one.member,
                "what": "; ".join([self.title(one.indicator), *codes]),
                "old": self.value(one.indicator, one.old),
                "new": self.value(one.indicator, one.new),
                "reason": self.formats.localized(one.reason) if one.reason else None,
                "accepted_at": one.accepted_at,
            }

    def word(self, identifier: str, **values: object) -> str:
        """A message."""
        return self.formats.translator(identifier, **values)

    def title(self, indicator: str) -> str:
        """What an indicator counts; the one of an overlap is named after what it overlaps."""
        table = self._known(indicator)
        if table is None:
            return indicator
        title = self.formats.localized(table.title)
        overlap = self.word("released.measure.on_both_routes").lower()
        return title if table.indicator == indicator else f"{title} ({overlap})"

    def name(self, indicator: str, measure: Measure) -> str:
        """An indicator's title, and which of its figures."""
        title = self.title(indicator)
        if measure in ("total", "reported"):
            return title
        return f"{title}: {self.word(f'released.measure.{measure}').lower()}"

    def value(self, indicator: str, one: ReleasedValue | None) -> str:
        """A number as it is written, an amount, or why there is none; a dash where there was no such figure."""
        if one is None:
            return "–"
        if one.value is None:
            return self.word(f"empty.{one.empty}")
        table = self._known(indicator)
        if table is not None and table.unit == CENTS:
            return self.formats.money(Decimal(one.value) / 100)
        return self.formats.number(one.value)

    def label(self, table: ReleasedTable, name: str, code: str) -> LocalizedText:
        """The words for a code of a table's dimension."""
        known = next((one.codes for one in table.dimensions if one.code == name), {})
        return known.get(code, LocalizedText(lv=code))

    def label_of(self, table: ReleasedTable, one: ReleasedFigure) -> LocalizedText:
        """The words for the code of a figure's only dimension."""
        name, code = next(iter(one.dimensions.items()))
        return self.label(table, name, code)

    def dimension(self, table: ReleasedTable, name: str) -> LocalizedText:
        """The title of a dimension."""
        return next((one.title for one in table.dimensions if one.code == name), LocalizedText(lv=name))

    def _known(self, indicator: str) -> ReleasedTable | None:
        return next((one for one in self.release.tables if indicator in (one.indicator, one.overlap_indicator)), None)

    def _code(self, indicator: str, name: str, code: str) -> str:
        table = self._known(indicator)
        return self.formats.localized(self.label(table, name, code)) if table else code
