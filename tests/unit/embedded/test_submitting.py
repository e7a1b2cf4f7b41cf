"""`nrem submit` and `nrem import-history`: where errors stand, which platform is meant, who speaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nrem_embedded.cli import build
from nrem_embedded.cli.access import find_or_named
from nrem_embedded.cli.outcome import Refused
from nrem_embedded.documents import BadDocument
from nrem_embedded.operating.history import History, Quarter, Submission, _of_document
from nrem_embedded.operating.submitting import (
    LARGEST_WORKBOOK,
    Report,
    is_workbook,
    raw_workbook,
    read_report,
    warnings_of,
)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("NREM_URL", "NREM_CLIENT_ID", "NREM_CLIENT_SECRET", "NREM_TOKEN", "NREM_STATE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "nothing"


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(build(), list(arguments))


def test_an_error_is_told_at_its_line_or_at_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    path.write_text("period: 2026-Q3\nmember: vp\nobservations:\n- indicator: PROC_OPEN\n  value: -1\n")
    report = read_report(path, None, None)
    assert (report.period, report.member, list(report.content)) == ("2026-Q3", "vp", ["observations"])
    assert str(report.fault("/observations/0/value", "no")) == f"{path}:5: /observations/0/value: no"

    cells = {"/observations/0": "Statistika!B5", "/observations/0/value": "Statistika!N5"}
    book = Report(tmp_path / "x.xlsx", "2026-Q3", "vp", {}, cells=cells)
    assert str(book.fault("/observations/0/value", "no")) == f"{tmp_path}/x.xlsx: Statistika!N5: no"
    assert str(book.fault("/observations/0/comment", "no")) == f"{tmp_path}/x.xlsx: Statistika!B5: no"


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    path.write_bytes(b"PK\x03\x04" + bytes(LARGEST_WORKBOOK))
    assert is_workbook(path)
    with pytest.raises(BadDocument, match="larger than 4 MB"):
        raw_workbook(path)
    with pytest.raises(BadDocument, match="no such file"):
        is_workbook(tmp_path / "nothing.xlsx")


def test_the_platform_is_named_by_options(nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "key.json"
    key.write_text(json.dumps({"member": "vp", "id": "k1", "secret": "s", "roles": ["member"]}))
    access = find_or_named(nowhere, "https://nrem.example/", key, None)
    assert (access.url, access.keys["whoever"].member, access.installation) == ("https://nrem.example", "vp", None)
    assert find_or_named(nowhere, "https://nrem.example", None, "abc").token == "abc"

    for arguments, reason in (
        ((None, key, None), "--url"),
        (("ftp://nrem.example", key, None), "--url"),
        (("https://nrem.example", None, None), "say who you are"),
        (("https://nrem.example", tmp_path / "none", None), "cannot be read"),
    ):
        with pytest.raises(Refused, match=reason):
            find_or_named(nowhere, *arguments)
    key.write_text("secret-only\n")
    with pytest.raises(Refused, match="NREM_CLIENT_ID"):
        find_or_named(nowhere, "https://nrem.example", key, None)
    monkeypatch.setenv("NREM_CLIENT_ID", "lm")
    assert find_or_named(nowhere, "https://nrem.example", key, None).keys[""].secret == "secret-only"


def test_what_cannot_be_used_ends_with_status_2(nowhere: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    path.write_text("member: vp\n")
    elsewhere = ("--url", "http://127.0.0.1:9", "--token", "x")
    missing = invoke("submit", str(path), *elsewhere)
    assert missing.exit_code == 2
    assert "1 error; nothing was submitted" in missing.stderr
    assert f"{path}:1: `period` is missing" in missing.stderr
    unreachable = invoke("submit", str(path), "--period", "2026-Q3", *elsewhere)
    assert unreachable.exit_code == 1
    assert "nothing answers at http://127.0.0.1:9" in unreachable.stderr
    assert invoke("import-history", "--state", str(nowhere)).exit_code == 2


def test_a_history_says_where_its_errors_are(tmp_path: Path) -> None:
    from nrem_embedded.documents import parse_document

    text = "group: g\nperiods:\n- period: 2025-Q4\n  submissions:\n  - member: vp\n    observations:\n    - value: 1\n"
    history = History()
    _of_document(history, parse_document(text, tmp_path / "h.yaml"))
    assert history.body()["periods"][0]["submissions"] == [{"member": "vp", "observations": [{"value": 1}]}]
    fault = history.fault("/periods/0/submissions/0/observations/0/value", "no")
    assert str(fault).startswith(f"{tmp_path}/h.yaml:7: ")
    assert str(history.fault("/periods/0/due", "no")).startswith(f"{tmp_path}/h.yaml:3: ")

    several = parse_document("periods:\n- submissions: []\n- period: 2025-Q4\n", tmp_path / "h.yaml")
    with pytest.raises(BadDocument) as refused:
        _of_document(History(), several)
    assert [fault.line for fault in refused.value.faults] == [2, 3]
    assert isinstance(history.quarters[0], Quarter)
    assert isinstance(history.quarters[0].submissions[0], Submission)


def test_a_warning_stands_at_its_line_or_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    path.write_text("period: 2026-Q3\nmember: vp\nobservations:\n- indicator: A\n  value: 99999\n")
    said = {"warnings": [{"pointer": "/observations/0/value", "code": "unusual", "text": "Far from 2."}]}
    (warning,) = warnings_of(read_report(path, None, None), said)
    assert str(warning) == f"{path}:5: /observations/0/value: Far from 2. [unusual]"
    book = Report(tmp_path / "x.xlsx", "2026-Q3", "vp", {}, cells={"/observations/0": "Statistics!F7"})
    assert str(warnings_of(book, said)[0]) == f"{tmp_path}/x.xlsx: Statistics!F7: Far from 2. [unusual]"
    assert warnings_of(book, {"valid": True}) == [], "an older platform says nothing of warnings"
