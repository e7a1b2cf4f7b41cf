"""What was reported, written into a workbook and read again, is the same, whatever other programs do with the file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data_catalogue import QUARTERS, catalogue
from demonstration_submissions import submissions
from nrem_intake.spreadsheets.domain.reading import Reading, read
from nrem_intake.spreadsheets.domain.stamp import Stamp, stamp_in
from nrem_intake.spreadsheets.opening import open_workbook
from nrem_shared.contracts.submissions import SubmissionContent, content_of
from workbooks import offer, saved_again, workbook

EVERY = [(quarter, document) for quarter in QUARTERS for document in submissions(quarter)]


def told(raw: bytes, period: str, member: str) -> Reading:
    sheets = open_workbook(raw)
    stamp = stamp_in(sheets)
    assert (stamp.period, stamp.member) == (period, member)
    return read(sheets, offer(period, member), same_lists=True)


def moved_and_renamed(book: Any) -> None:
    book._sheets.reverse()
    for number, sheet in enumerate(book):
        if not sheet.title.startswith("_"):
            sheet.title = f"Lapa {number}"


@pytest.mark.parametrize(
    ("period", "document", "language"),
    [(period, document, ("lv", "en")[number % 2]) for number, (period, document) in enumerate(EVERY)],
    ids=[document["id"] for _, document in EVERY],
)
def test_every_demonstration_submission_comes_back_exactly(period: str, document: Any, language: str) -> None:
    content = content_of(document)
    raw = workbook(period, document["member"], content, language=language)

    reading = told(saved_again(raw, moved_and_renamed), period, document["member"])
    assert reading.faults == []
    assert content_of(reading.report.document) == content


def test_a_workbook_comes_back_exactly_as_it_was_sent() -> None:
    content = content_of(submissions("2026-Q2")[0])
    reading = told(workbook("2026-Q2", "iem", content), "2026-Q2", "iem")
    assert (content_of(reading.report.document), reading.faults) == (content, [])


def test_a_workbook_that_nobody_touched_reports_nothing() -> None:
    reading = told(saved_again(workbook("2026-Q3", "vp")), "2026-Q3", "vp")
    assert reading.faults == []
    assert reading.report.document == {"nothing_to_report": False}
    assert reading.left_alone > 20


def test_the_same_workbook_has_the_same_bytes() -> None:
    content = content_of(submissions("2026-Q2")[0])
    assert workbook("2026-Q2", "iem", content) == workbook("2026-Q2", "iem", content)


def test_the_stamp_names_quarter_institution_and_lists() -> None:
    q2, q3 = (stamp_in(open_workbook(workbook(period, "vp"))) for period in ("2026-Q2", "2026-Q3"))
    assert isinstance(q2, Stamp)
    assert (q2.period, q2.member, q2.language) == ("2026-Q2", "vp", "lv")
    assert q2.reference != q3.reference, "forced marriage may be reported from the third quarter on"


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=60).filter(
    lambda text: text.strip() and "_x" not in text
)
_COUNT = st.integers(0, 10**9)


@st.composite
def contents(draw: st.DrawFn) -> SubmissionContent:
    """Contents that use every kind of field, lists of any length among them."""
    known = catalogue("2026-Q3")
    results = sorted(known.results)
    localized = st.fixed_dictionaries({"lv": _TEXT, "en": st.none() | _TEXT})
    activity = st.fixed_dictionaries(
        {
            "code": _TEXT, "type": st.sampled_from(sorted(known.codes("activity_type").usable)), "title": localized,
            "date": st.dates().filter(lambda day: day.year >= 1901).map(str),
            "audience": st.sampled_from(sorted(known.codes("audience").usable)),
            "participants": st.none() | _COUNT, "reach": st.none() | _COUNT, "continues": st.booleans(),
            "languages": st.lists(st.sampled_from(sorted(known.codes("language").usable)), max_size=9),
            "first_contact": st.lists(
                st.fixed_dictionaries({
                    "institution_kind": st.sampled_from(sorted(known.codes("institution_kind").usable)),
                    "participants": _COUNT,
                }), max_size=5),
            "partners": st.lists(st.sampled_from(sorted(known.institutions)), max_size=6),
            "body": st.none() | localized, "plan_result": st.none() | st.sampled_from(results),
        }
    )  # fmt: skip
    progress = st.fixed_dictionaries(
        {
            "result": st.sampled_from(results), "status": st.just("in_progress"), "delayed": st.booleans(),
            "text": localized,
            "measured": st.lists(
                st.fixed_dictionaries({
                    "indicator": st.sampled_from(sorted(c for rule in known.results.values() for c in rule.indicators)),
                    "to_date": st.booleans() | st.floats(0, 1e9, allow_nan=False).map(lambda x: round(x, 3)),
                }), max_size=4),
            "evidence": st.lists(
                st.fixed_dictionaries({"title": localized, "kind": st.just("document"), "ref": _TEXT}), max_size=4),
        }
    )  # fmt: skip
    funding = st.fixed_dictionaries(
        {
            "source": st.just("ALLOCATED_BUDGET"),
            "purpose": st.sampled_from(sorted(known.codes("funding_purpose").usable)),
            "amount_eur": st.floats(0, 1e8, allow_nan=False).map(lambda x: round(x, 2)),
        }
    )
    figure = st.fixed_dictionaries(
        {"indicator": st.just("PROC_OPEN"), "value": _COUNT, "comment": st.none() | _TEXT}
    ) | st.fixed_dictionaries(
        {
            "indicator": st.just("SUSP"), "sex": st.sampled_from(["F", "M", "UNK"]), "age_group": st.just("ADULT"),
            "citizenship": st.sampled_from(sorted(known.codes("citizenship").usable)),
            "form_of_exploitation": st.just("LABOUR"), "value": st.none(), "empty": st.just("unknown"),
            "comment": _TEXT,
        }
    )  # fmt: skip
    challenge = st.fixed_dictionaries({"code": _TEXT, "text": localized, "state": st.just("open")})
    announced = st.fixed_dictionaries({"code": _TEXT, "text": localized, "planned_for": st.just("2026-Q4")})
    return SubmissionContent.model_validate(
        {
            "observations": draw(st.lists(figure, max_size=6)),
            "activities": draw(st.lists(activity, max_size=3)),
            "plan_progress": draw(st.lists(progress, max_size=3)),
            "future_plans": draw(st.lists(announced, max_size=3)),
            "challenges": draw(st.lists(challenge, max_size=3)),
            "funding": draw(st.lists(funding, max_size=3)),
        }
    )


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(contents())
def test_any_content_comes_back_exactly(content: SubmissionContent) -> None:
    raw = saved_again(workbook("2026-Q3", "vp", content, before=False), moved_and_renamed)
    reading = told(raw, "2026-Q3", "vp")
    assert reading.faults == []
    assert content_of(reading.report.document) == content
    json.dumps(reading.report.document)
