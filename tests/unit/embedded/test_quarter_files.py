"""A quarter's file is refused with every fault, its line and the reason; what it needs is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from nrem_embedded.demonstration.needs import needed_quarters, quarter_before
from nrem_embedded.demonstration.quarter_files import quarter_paths, read_quarter
from nrem_embedded.documents import BadDocument
from nrem_embedded.project_data import data_folder

HEAD = "period: 2026-Q4\ndue: '2027-01-15'\ngroup: working_group_2025\nillustrative: true\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "submissions-2026-Q4.yaml"
    path.write_text(HEAD + text, "utf-8")
    return path


def faults_of(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(BadDocument) as caught:
        read_quarter(path)
    return [(fault.line, fault.reason) for fault in caught.value.faults]


def test_the_demonstrations_files_are_read() -> None:
    quarters = [read_quarter(path)[0] for path in quarter_paths(data_folder())]
    assert [quarter.period for quarter in quarters] == ["2026-Q1", "2026-Q2", "2026-Q3"]


def test_all_faults_are_told_with_their_lines(tmp_path: Path) -> None:
    text = """\
submissions:
- id: 2026-Q4/vp/1
  member: VP
  version: 0
  submitted_at: '2027-01-10T10:00:00'
  decision: null
- id: 2026-Q4/em/1
  member: em
  version: 1
  submitted_at: '2027-01-10T10:00:00+02:00'
  decision: {outcome: lost, at: '2027-01-12T10:00:00+02:00'}
"""
    faults = faults_of(written(tmp_path, text))
    assert [line for line, _ in faults] == [7, 8, 9, 15]
    assert [reason.partition(":")[0] for _, reason in faults] == ["member", "version", "submitted_at", "outcome"]


def test_a_decision_before_its_submission_and_a_return_without_reasons_are_faults(tmp_path: Path) -> None:
    text = """\
submissions:
- id: 2026-Q4/vp/1
  member: vp
  version: 1
  submitted_at: '2027-01-10T10:00:00+02:00'
  decision: {outcome: accepted, at: '2027-01-09T10:00:00+02:00'}
- id: 2026-Q4/em/1
  member: em
  version: 1
  submitted_at: '2027-01-10T10:00:00+02:00'
  decision: {outcome: returned, at: '2027-01-12T10:00:00+02:00'}
"""
    assert [reason for _, reason in faults_of(written(tmp_path, text))] == [
        "submissions: it is decided before it is submitted",
        "decision: a return needs reasons",
    ]


def test_an_id_twice_is_a_fault(tmp_path: Path) -> None:
    entry = "- {id: x, member: vp, version: 1, submitted_at: '2027-01-10T10:00:00+02:00', decision: null}\n"
    assert faults_of(written(tmp_path, "submissions:\n" + entry + entry)) == [(7, "x stands in the file twice")]


def test_a_misspelt_section_is_a_fault(tmp_path: Path) -> None:
    assert [line for line, _ in faults_of(written(tmp_path, "submissions: []\ncorections: []\n"))] == [6]


def test_needed_quarters_are_those_corrected_and_the_one_where_plans_were_announced() -> None:
    needed = {path.name[12:19]: needed_quarters(read_quarter(path)[0]) for path in quarter_paths(data_folder())}
    assert {period: sorted(each) for period, each in needed.items()} == {
        "2026-Q1": [],
        "2026-Q2": ["2026-Q1"],
        "2026-Q3": ["2026-Q1", "2026-Q2"],
    }


def test_a_need_points_to_its_place() -> None:
    quarter, document = read_quarter(quarter_paths(data_folder())[2])
    assert needed_quarters(quarter)["2026-Q1"] == "/corrections/0/period"
    assert document.line_of("/corrections/0/period") > 500


def test_the_quarter_before() -> None:
    assert (quarter_before("2026-Q1"), quarter_before("2026-Q3")) == ("2025-Q4", "2026-Q2")
