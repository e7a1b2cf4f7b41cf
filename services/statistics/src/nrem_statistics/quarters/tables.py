"""A compiled quarter as the tables of its page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from nrem_shared.web.figures import Cell, Column, EmptyKind, FigureTable, Row, Text
from nrem_shared.web.formats import Formats
from nrem_shared.web.messages import Translator
from nrem_statistics.labels import Labels, text_of
from nrem_statistics.quarters.domain import Quarter
from nrem_statistics.quarters.indicators import ORGANISATION, IndicatorFigures
from nrem_statistics.quarters.totals import Figure
from nrem_statistics.quarters.victims import RouteFormCell, VictimFigures

ACTIVITIES = (
    "campaigns",
    "trainings",
    "training_participants",
    "joint_projects_started",
    "joint_projects_running",
    "legislative_initiatives",
    "materials",
    "material_copies",
    "events",
    "research",
    "representations",
)


def cell(figure: Figure, small: bool = False) -> Cell:
    """A figure as a cell: a number, or the kind of empty that explains most."""
    if figure.value is not None:
        return Cell(figure.value, small=small, partial=figure.incomplete)
    if figure.unknown:
        return Cell(empty=EmptyKind.UNKNOWN)
    if figure.not_applicable and not figure.not_reported:
        return Cell(empty=EmptyKind.NOT_APPLICABLE)
    return Cell(empty=EmptyKind.NOT_REPORTED)


@dataclass(frozen=True)
class QuarterTables:
    """The tables of one quarter in one language."""

    quarter: Quarter
    labels: Labels
    words: Translator
    formats: Formats

    @property
    def shows_victims(self) -> bool:
        """Whether victims are shown: always for the group, else to the members that register them."""
        return self.quarter.victims is None or self._concerns(self.quarter.victims.indicator)

    def victims(self) -> FigureTable | None:
        """By route, the overlap, and the totals; null while the reference data has not arrived."""
        figures = self.quarter.victims
        if figures is None:
            return None
        _ = self.words
        rows = [Row(self.labels.code("registering_route", c), (cell(f),)) for c, f in figures.by_route.items()]
        rows.append(Row(_("quarter.sum_of_routes"), (cell(figures.sum_of_routes),)))
        rows.append(Row(_("quarter.on_both_routes"), (cell(figures.on_both_routes),)))
        totals = [Row(_("quarter.deduplicated"), (cell(figures.deduplicated),))]
        totals += [
            Row(self.labels.code("victim_status", code), (cell(figure),), level=1)
            for code, figure in figures.deduplicated_by_status.items()
        ]
        return self._table(
            "victims", _("quarter.victims"), _("quarter.route"), [_("quarter.persons")], rows, totals, _about(figures)
        )

    def route_by_form(self) -> FigureTable | None:
        """The table route × form of exploitation with its small cells marked."""
        cells = {(one.registering_route, one.form_of_exploitation): one for one in self.quarter.cells_route_form}
        if not cells:
            return None
        routes, forms = sorted({route for route, _ in cells}), sorted({form for _, form in cells})
        rows = [
            Row(
                self.labels.code("form_of_exploitation", form),
                tuple(_route_form_cell(cells.get((route, form))) for route in routes),
            )
            for form in forms
        ]
        columns = [self.labels.code("registering_route", route) for route in routes]
        return self._table(
            "route-form",
            self.words("quarter.route_by_form"),
            self.labels.code_list("form_of_exploitation"),
            columns,
            rows,
            about=self.words("quarter.small_about", threshold=self.quarter.small_cell_threshold),
        )

    def victim_breakdowns(self) -> list[FigureTable]:
        """Registrations by sex, age, citizenship group and organisation."""
        figures = self.quarter.victims
        if figures is None:
            return []
        parts = (
            ("sex", figures.by_sex),
            ("age_group", figures.by_age_group),
            ("citizenship_group", figures.by_citizenship_group),
            (ORGANISATION, figures.by_organisation),
        )
        return [
            self._table(
                f"victims-{name.replace('_', '-')}",
                self.words(f"quarter.by_{name}"),
                self.words("quarter.organisation") if name == ORGANISATION else self.labels.code_list(name),
                [self.words("quarter.registrations")],
                [
                    Row(self.labels.member(c) if name == ORGANISATION else self.labels.code(name, c), (cell(f),))
                    for c, f in by.items()
                ],
            )
            for name, by in parts
            if by
        ]

    def indicators(self) -> FigureTable:
        """Every other indicator in force, broken down by its last dimension."""
        figures = self.quarter.victims
        shown = {figures.indicator, figures.overlap_indicator} if figures else set()
        rows: list[Row] = []
        for code, one in self.quarter.indicators.items():
            if one.in_force and code not in shown and self._concerns(code):
                rows += self._indicator(one)
        return self._table(
            "indicators",
            self.words("quarter.indicators"),
            self.words("quarter.indicator"),
            [self.words("quarter.count"), self.words("quarter.unit")],
            rows,
            about=self.words("quarter.indicators_about"),
            numeric=(True, False),
        )

    def _concerns(self, code: str) -> bool:
        """Whether these figures could hold the indicator: a member's page shows what that member reports."""
        known = self.labels.reference.indicators.get(code)
        reporters = known.reported_by if known else "all"
        return self.quarter.member is None or reporters == "all" or self.quarter.member in reporters

    def _indicator(self, one: IndicatorFigures) -> list[Row]:
        unit: Text = self.labels.code("unit", one.unit)
        if one.total is None:
            unit = self.words("quarter.not_additive", unit=self.formats.localized(unit))
        rows = [Row(text_of(one.title), (cell(one.sum_of_reports), unit))]
        known = self.labels.reference.indicators.get(one.indicator)
        dimensions = known.dimensions if known else ()
        if dimensions:
            last = f"{dimensions[-1]}_group" if f"{dimensions[-1]}_group" in one.by else dimensions[-1]
            rows += [
                Row(self.labels.of_dimension(one.indicator, last, code), (cell(figure), ""), level=1)
                for code, figure in one.by.get(last, {}).items()
            ]
        return rows

    def activities(self) -> FigureTable:
        """What was done, and first-contact staff trained by kind of institution."""
        done = self.quarter.activities
        rows = []
        for name in ACTIVITIES:
            rows.append(Row(self.words(f"quarter.activity.{name}"), (cell(getattr(done, name)),)))
            if name == "training_participants":
                rows += [
                    Row(self.labels.code("institution_kind", code), (cell(figure),), level=1)
                    for code, figure in done.first_contact_trained.items()
                ]
        challenges = self.quarter.challenges
        rows.append(Row(self.words("quarter.challenges_open"), (cell(challenges.open),)))
        rows.append(Row(self.words("quarter.challenges_ended"), (cell(challenges.ended),)))
        return self._table(
            "activities",
            self.words("quarter.activities"),
            self.words("quarter.activity"),
            [self.words("quarter.count")],
            rows,
            about=self.words("quarter.activities_about"),
        )

    def funding(self) -> list[FigureTable]:
        """Euro by source and by purpose, to the cent."""
        money = self.quarter.funding_eur
        return [
            self._table(
                f"funding-{by}",
                self.words(f"quarter.funding_{by}"),
                self.labels.code_list(f"funding_{by}"),
                [self.words("quarter.euro")],
                [Row(self.labels.code(f"funding_{by}", code), (self._euro(sum_),)) for code, sum_ in sums.items()],
                [Row(self.words("quarter.total"), (self._euro(money.total),))] if money.total is not None else (),
            )
            for by, sums in (("source", money.source), ("purpose", money.purpose))
            if sums
        ]

    def _euro(self, amount: Decimal) -> Text:
        return self.words.marked(self.formats.money(amount))

    def _table(
        self,
        identifier: str,
        caption: Text,
        corner: Text,
        columns: list[str] | list[Text],
        rows: list[Row],
        totals: list[Row] | tuple[()] = (),
        about: Text | None = None,
        numeric: tuple[bool, ...] = (),
    ) -> FigureTable:
        return FigureTable(
            identifier=identifier,
            caption=caption,
            corner=corner,
            columns=tuple(Column(label, numeric[place] if numeric else True) for place, label in enumerate(columns)),
            rows=tuple(rows),
            totals=tuple(totals),
            about=about,
            provisional=self.quarter.provisional,
            illustrative=self.quarter.illustrative,
        )


def _about(figures: VictimFigures) -> Text | None:
    return text_of(figures.why) if figures.why else None


def _route_form_cell(one: RouteFormCell | None) -> Cell:
    if one is None:
        return Cell(empty=EmptyKind.NOT_REPORTED)
    figure = Figure(value=one.value, incomplete=False, unknown=one.unknown, not_applicable=one.not_applicable)
    return cell(figure, one.small)
