"""Files in the report's form, the life of a draft, and whom a coalition may report for."""

from __future__ import annotations

from datetime import UTC, date, datetime

from data_catalogue import institutions
from nrem_intake.members.domain import check_register
from nrem_intake.reporting.attaching import taken_out, without_repeats
from nrem_intake.reporting.domain.entries import read
from nrem_intake.reporting.expiring import kept_until
from nrem_intake.submissions.domain.refusals import Refusal

REFUSED = {"refused-0": (Refusal("/name", "file_name_characters"), Refusal("/file", "file_type"))}


def test_a_mark_leaves_its_reasons_where_the_row_came_to_stand() -> None:
    fields = [
        ("/plan_progress/4/result", "7.1"),
        ("/plan_progress/4/evidence/0/title/lv", ""),
        ("/plan_progress/4/evidence/1/file", "refused-0"),
    ]
    items = read("plan_progress", fields)
    told = taken_out(items, REFUSED)
    assert items == [{"result": "7.1", "evidence": [{}]}], "the row stays, to be mended"
    at = "/plan_progress/0/evidence/0/file"
    assert [(one.pointer, one.code) for one in told] == [(f"{at}/name", "file_name_characters"), (at, "file_type")]


def test_a_file_that_was_refused_is_not_missed_besides() -> None:
    refused = [Refusal("/plan_progress/0/evidence/1/file", "file_type")]
    missing = [
        Refusal(f"/plan_progress/0/evidence/{row}/{name}", "missing") for row in (0, 1) for name in ("ref", "kind")
    ]
    told = [one.pointer.rpartition("evidence")[2] for one in without_repeats(missing, refused)]
    assert told == ["/0/ref", "/0/kind", "/1/kind"]


def test_a_row_without_a_mark_has_no_reasons() -> None:
    items = read("plan_progress", [("/plan_progress/0/evidence/0/ref", "https://example.org")])
    assert taken_out(items, REFUSED) == []


def test_a_draft_is_kept_from_the_later_of_its_due_date_and_its_last_change() -> None:
    due = date(2026, 4, 15)
    assert kept_until(due, datetime(2026, 4, 1, tzinfo=UTC), 90) == date(2026, 7, 14)
    assert kept_until(due, datetime(2026, 7, 1, 21, 30, tzinfo=UTC), 90) == date(2026, 9, 30), "a day is one in Riga"


def test_a_coalition_names_others_of_the_register_once_and_never_each_other() -> None:
    known = {one.code: one for one in institutions()}
    marta, pdm = (known[code] for code in ("marta", "pdm"))
    fine = marta.model_copy(update={"reports_for": ("pdm", "pbv")})
    assert check_register([fine], known) == ()
    each_other = pdm.model_copy(update={"reports_for": ("marta",)})
    found = check_register([fine, each_other], known)
    assert [(one.pointer, one.code) for one in found] == [
        ("/0/reports_for/0", "circular"),
        ("/1/reports_for/0", "circular"),
    ]
