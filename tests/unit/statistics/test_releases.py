"""What a release freezes, what it says has changed, and what stands in its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from data_catalogue import QUARTERS
from nrem_shared.contracts.releases import FiguresReleased, ReleasedTable
from nrem_shared.runtime.journal.writing import MAX_PAYLOAD
from nrem_statistics.quarters.domain import compile_quarter
from nrem_statistics.releases.domain import Draft, Inputs, Unchanged, draft, marked, released
from unit.statistics.demonstration import THRESHOLD, compiled, quarter_rows, reference

BEFORE = datetime.fromisoformat("2026-07-12T12:00:00+03:00")
AFTER = datetime.fromisoformat("2026-07-13T12:00:00+03:00")
HEAD = "ab" * 32


def prepared(period: str, known_on: datetime, inputs: Inputs | None = None) -> Draft:
    quarter = compile_quarter(quarter_rows(period, known_on), known_on, THRESHOLD)
    return draft(quarter, reference(), inputs or Inputs())


def first(period: str = "2026-Q1", known_on: datetime = BEFORE) -> FiguresReleased:
    return released(prepared(period, known_on), None, 4, HEAD)


def whole(release: FiguresReleased, indicator: str) -> dict[str, int | None]:
    (table,) = [one for one in release.tables if one.indicator == indicator]
    return {one.measure: one.value for one in table.figures if not one.dimensions}


def table_of(release: FiguresReleased, indicator: str) -> ReleasedTable:
    return next(one for one in release.tables if one.indicator == indicator)


@pytest.mark.parametrize("period", QUARTERS)
def test_the_tables_are_the_quarters_own_figures(period: str) -> None:
    known_on = datetime(2026, 12, 1, tzinfo=UTC)
    quarter = compile_quarter(quarter_rows(period, known_on), known_on, THRESHOLD)
    release = first(period, known_on)
    assert quarter.victims is not None
    assert whole(release, "VICT_REG") == {
        "sum_of_routes": quarter.victims.sum_of_routes.value,
        "on_both_routes": quarter.victims.on_both_routes.value,
        "deduplicated": quarter.victims.deduplicated.value,
    }
    routes = [one for one in release.tables if one.combination == "routes"]
    assert [one.indicator for one in routes] == ["VICT_REG"]
    assert routes[0].overlap_indicator == "VICT_BOTH"
    assert whole(release, "SUSP") == {"total": quarter.indicators["SUSP"].sum_of_reports.value}
    assert whole(release, "ACT_TRAINING") == {"total": quarter.activities.trainings.value}
    assert quarter.funding_eur.total is not None
    assert whole(release, "FUND_SPENT") == {"total": quarter.funding_eur.total * 100}


@pytest.mark.parametrize("period", QUARTERS)
def test_no_members_own_figure_is_in_it_and_it_fits_one_fact(period: str) -> None:
    release = first(period, datetime(2026, 12, 1, tzinfo=UTC))
    dimensions = {one.code for table in release.tables for one in table.dimensions}
    assert "organisation" not in dimensions
    assert {"sex", "citizenship_group", "funding_source"} <= dimensions
    for table in release.tables:
        codes = {one.code: set(one.codes) for one in table.dimensions}
        for figure in table.figures:
            assert all(code in codes[name] for name, code in figure.dimensions.items())
            assert (figure.value is None) == (figure.empty is not None)
    assert len(release.model_dump_json().encode()) < MAX_PAYLOAD / 4


def test_an_indicator_that_does_not_add_up_has_no_total() -> None:
    release = first("2026-Q3", datetime(2026, 12, 1, tzinfo=UTC))
    assert table_of(release, "VICT_REFERRED").combination == "not_additive"
    assert set(whole(release, "VICT_REFERRED")) == {"reported"}
    assert table_of(release, "SUSP").combination == "sum"


def test_releasing_again_names_what_a_correction_changed() -> None:
    earlier = first()
    later = released(prepared("2026-Q1", AFTER), earlier, 9, HEAD)
    assert (later.version, later.previous, later.recompiled) == (2, 1, ("marta",))
    assert (earlier.manifest["marta"], later.manifest["marta"]) == (1, 2)
    (total,) = [one for one in later.changes if one.measure == "deduplicated" and not one.dimensions]
    assert total.old is not None
    assert total.new is not None
    assert (total.old.value, total.new.value) == (15, 14)
    (correction,) = later.corrections
    assert (correction.member, correction.indicator) == ("marta", "VICT_REG")
    assert correction.reason is not None
    assert "divreiz" in correction.reason.lv


def test_the_changes_lead_from_the_old_figures_to_the_new_ones() -> None:
    def figures(release: FiguresReleased) -> dict[object, object]:
        return {
            (table.indicator, one.measure, *sorted(one.dimensions.items())): (
                one.value,
                one.empty,
                one.incomplete,
            )
            for table in release.tables
            for one in table.figures
        }

    earlier = first()
    later = released(prepared("2026-Q1", AFTER), earlier, 9, HEAD)
    followed = figures(earlier)
    for one in later.changes:
        key = (one.indicator, one.measure, *sorted(one.dimensions.items()))
        assert (one.old is not None) == (key in followed)
        followed.pop(key, None)
        if one.new is not None:
            followed[key] = (one.new.value, one.new.empty, one.new.incomplete)
    assert followed == figures(later)


def test_the_same_again_is_no_release_and_older_knowledge_neither() -> None:
    earlier = first()
    with pytest.raises(Unchanged):
        released(prepared("2026-Q1", BEFORE + timedelta(hours=1)), earlier, 9, HEAD)
    later = released(prepared("2026-Q1", AFTER), earlier, 9, HEAD)
    with pytest.raises(Unchanged, match="release 2"):
        released(prepared("2026-Q1", BEFORE), later, 10, HEAD)


def test_everything_in_the_way_is_named_at_once() -> None:
    inputs = Inputs(
        letters=["nrem.reference"], gaps=["nrem.submissions"], stale=["nrem.periods"], behind=2, manifest={"marta": 7}
    )
    found = [one.code for one in prepared("2026-Q1", AFTER, inputs).obstacles]
    assert found == ["records_not_understood", "records_missing", "not_fresh", "not_caught_up", "waits_for"]
    assert prepared("2026-Q1", AFTER).obstacles == ()
    nothing = prepared("2026-Q3", datetime(2026, 10, 1, tzinfo=UTC))
    assert [one.code for one in nothing.obstacles] == ["nothing_accepted"]


def test_a_stream_that_was_not_understood_stands_in_the_way() -> None:
    rows = quarter_rows("2026-Q1", AFTER)
    broken = replace(rows, streams=replace(rows.streams, not_understood=frozenset({"vp"})))
    quarter = compile_quarter(broken, AFTER, THRESHOLD)
    assert [(one.code, one.values) for one in draft(quarter, reference(), Inputs()).obstacles] == [
        ("received_not_understood", {"member": "vp"})
    ]


def test_a_quarter_is_released_until_other_versions_count() -> None:
    release = first()
    same = marked(compiled("2026-Q1", BEFORE.isoformat()), BEFORE, release)
    assert (same.provisional, same.release is not None and same.release.current) == (False, True)
    corrected = marked(compiled("2026-Q1", AFTER.isoformat()), BEFORE, release)
    assert (corrected.provisional, corrected.release is not None and corrected.release.current) == (True, False)
    assert marked(compiled("2026-Q1", AFTER.isoformat(), "vp"), BEFORE, release).provisional is False
