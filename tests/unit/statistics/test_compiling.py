"""What is special about some figures: overlap, additivity, groups, small cells, empties, scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from nrem_statistics.completeness.domain import Streams
from nrem_statistics.observations.domain import DecisionRow, ObservationRow, VersionRow, VersionRows, euro
from nrem_statistics.quarters.activities import activity_figures
from nrem_statistics.quarters.domain import Quarter, QuarterRows, compile_quarter, end_of_period
from nrem_statistics.quarters.indicators import Reference
from nrem_statistics.quarters.victims import find_overlap
from unit.statistics.demonstration import compiled, quarter_rows, reference

NOW = datetime(2026, 5, 1, tzinfo=UTC)
VICTIM = {
    "registering_route": "CRIM_PROC",
    "victim_status": "IDENTIFIED",
    "sex": "F",
    "age_group": "ADULT",
    "citizenship": "LV",
    "form_of_exploitation": "LABOUR",
}
BOTH = {name: code for name, code in VICTIM.items() if name != "registering_route"}


def quarter(
    *rows: ObservationRow, owes: tuple[str, ...] = ("marta", "pdm", "vp"), member: str | None = None
) -> Quarter:
    members = sorted({row.member for row in rows})
    held = QuarterRows(
        period="2026-Q1",
        due=end_of_period("2026-Q1"),
        illustrative=False,
        streams=Streams(
            owes=("marta", "pdm", "vp"),
            versions=tuple(VersionRow(one, 1, NOW, late=False, nothing_to_report=False) for one in members),
            decisions=tuple(DecisionRow(one, 1, "accepted", NOW) for one in members),
        ),
        in_force=VersionRows(observations=rows),
        history=(),
        reference=reference(),
    )
    return compile_quarter(held, NOW, 5)


def victim(member: str, value: int | None, empty: str | None = None, **changed: str) -> ObservationRow:
    return ObservationRow(member, "VICT_REG", {**VICTIM, **changed}, value, empty)


def overlap(member: str, value: int | None, empty: str | None = None, **changed: str) -> ObservationRow:
    return ObservationRow(member, "VICT_BOTH", {**BOTH, **changed}, value, empty)


def test_the_overlap_is_found_in_the_indicators_own_data() -> None:
    found = find_overlap(reference().indicators)
    assert found is not None
    assert (found.registered.code, found.on_both.code) == ("VICT_REG", "VICT_BOTH")
    assert find_overlap({}) is None


def test_without_an_overlap_reported_there_is_no_deduplicated_total() -> None:
    victims = quarter(victim("vp", 3), victim("marta", 2, registering_route="NGO_COMMISSION")).victims
    assert victims is not None
    assert victims.sum_of_routes.value == 5
    assert victims.deduplicated.value is None
    assert victims.deduplicated_by_status["IDENTIFIED"].value is None


def test_an_unknown_overlap_makes_the_total_incomplete() -> None:
    victims = quarter(victim("vp", 3), victim("marta", 2), overlap("marta", 1), overlap("pdm", None, "unknown")).victims
    assert victims is not None
    assert (victims.deduplicated.value, victims.deduplicated.incomplete, victims.deduplicated.unknown) == (4, True, 1)


def test_reporters_without_a_version_in_force_are_counted() -> None:
    compiled_quarter = quarter(victim("vp", 3))
    assert compiled_quarter.indicators["VICT_REG"].not_reported_by == ("marta", "pdm")
    assert compiled_quarter.indicators["VICT_REG"].sum_of_reports.not_reported == 2
    assert compiled_quarter.indicators["PROC_NEW"].not_reported_by == ()


def test_an_indicator_that_is_not_additive_has_no_total_over_several_reporters() -> None:
    dimensions = {"sex": "F", "age_group": "ADULT", "destination": "STATE_POLICE"}
    rows = [ObservationRow(member, "VICT_REFERRED", dimensions, 2) for member in ("vp", "vdi")]
    both = quarter(*rows).indicators["VICT_REFERRED"]
    assert (both.total, both.sum_of_reports.value, both.additive) == (None, 4, False)
    assert both.why is not None
    alone = quarter(rows[0]).indicators["VICT_REFERRED"]
    assert alone.total is not None
    assert alone.total.value == 2


def test_groups_are_derived_from_the_code_list_or_not_told_at_all() -> None:
    rows = [victim("vp", 1, citizenship=code) for code in ("LV", "LVNC", "EE")]
    by = quarter(*rows).indicators["VICT_REG"].by["citizenship_group"]
    assert {code: figure.value for code, figure in by.items()} == {"EU27_2020_FOR": 1, "NAT": 1, "NEU27_2020_FOR": 1}
    assert "citizenship_group" not in quarter(victim("vp", 1, citizenship="??")).indicators["VICT_REG"].by


def test_small_cells_are_above_zero_and_below_the_threshold() -> None:
    rows = [
        victim("vp", value, form_of_exploitation=form)
        for form, value in (("BEGGING", 0), ("CRIMINAL", 4), ("LABOUR", 5))
    ]
    cells = quarter(*rows, victim("vp", None, "unknown", form_of_exploitation="ORGANS")).cells_route_form
    assert [(one.form_of_exploitation, one.value, one.small) for one in cells] == [
        ("BEGGING", 0, False),
        ("CRIMINAL", 4, True),
        ("LABOUR", 5, False),
        ("ORGANS", None, False),
    ]


def test_indicators_not_in_the_reference_data_are_named_and_in_no_total() -> None:
    told = quarter(ObservationRow("vp", "NEW_ONE", {}, 3), victim("vp", 1))
    assert told.unknown_indicators == ("NEW_ONE",)
    rows = replace(quarter_rows("2026-Q1", NOW), reference=Reference({}, {}))
    bare = compile_quarter(rows, NOW, 5)
    assert bare.victims is None
    assert bare.indicators == {}
    assert "VICT_REG" in bare.unknown_indicators


def test_participants_that_were_not_told_are_unknown_not_zero() -> None:
    rows = quarter_rows("2026-Q1", NOW).in_force.activities
    trainings = [replace(row, participants=None) for row in rows if row.type == "TRAINING"]
    figures = activity_figures(trainings[:2], reported=True, not_reported=0)
    assert (figures.training_participants.value, figures.training_participants.unknown) == (None, 2)
    none = activity_figures([], reported=True, not_reported=0)
    assert (none.trainings.value, none.training_participants.value) == (0, 0)
    nobody = activity_figures([], reported=False, not_reported=17)
    assert (nobody.trainings.value, nobody.training_participants.value) == (None, None)


def test_amounts_are_exact_to_the_cent() -> None:
    assert euro(0.1) + euro(0.2) == Decimal("0.30")
    assert euro(51750.25) == Decimal("51750.25")


def test_a_member_sees_its_own_rows_in_the_same_shape() -> None:
    own = compiled("2026-Q2", "2026-08-01T12:00:00+03:00", member="vdi")
    assert (own.scope, own.member, own.submissions.expected) == ("member", "vdi", 1)
    assert own.indicators["INSP_SIGNALS"].sum_of_reports.unknown == 1
    assert own.empties == {"unknown": 1}
    assert {member for figures in own.indicators.values() for member in figures.by["organisation"]} <= {"vdi"}
    group = compiled("2026-Q2", "2026-08-01T12:00:00+03:00")
    assert set(type(own).model_fields) == set(type(group).model_fields)
