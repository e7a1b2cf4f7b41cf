"""The examples for programs run as they stand in docs/examples, and so does the command line for people's files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
import yaml

from nrem_embedded.platform.state import StateFolder
from support.examples import EXAMPLES, WRONG_AT, run_program, wrong_report
from workbooks import first_empty_row, put, sheet_of

PERIOD = "2026-Q4"


@pytest.fixture
def run(platform: Any, tmp_path: Path) -> Any:
    """Run a script as an institution: with its key in the environment, in a folder of its own."""
    keys = StateFolder(platform.state).keys()

    def script(member: str, *command: str, succeeds: bool = True) -> subprocess.CompletedProcess[str]:
        who = {"NREM_URL": platform.url, "NREM_CLIENT_ID": member, "NREM_CLIENT_SECRET": keys[member].secret}
        return run_program(tmp_path, *command, settings=who, succeeds=succeeds)

    return script


def state_of(platform: Any, member: str) -> Any:
    keys = StateFolder(platform.state).keys()
    form = {"grant_type": "client_credentials", "client_id": member, "client_secret": keys[member].secret}
    with httpx.Client(base_url=f"{platform.url}/intake/api", trust_env=False) as http:
        token = http.post("/oauth/token", data=form).json()["access_token"]
        path = f"/periods/{PERIOD}/submissions/{member}"
        return http, token, http.get(path, headers={"authorization": f"Bearer {token}"}).json()


def withdraw(platform: Any, member: str, version: int, revision: int) -> None:
    _, token, _ = state_of(platform, member)
    path = f"{platform.url}/intake/api/periods/{PERIOD}/submissions/{member}/versions/{version}/withdraw"
    headers = {"authorization": f"Bearer {token}", "if-match": f'"{revision}"'}
    assert httpx.post(path, headers=headers, trust_env=False).status_code == 200


def test_the_two_forms_of_the_report_say_the_same() -> None:
    assert yaml.safe_load((EXAMPLES / "report.yaml").read_text()) == json.loads((EXAMPLES / "report.json").read_text())


def test_with_curl_and_with_python(run: Any, platform: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(wrong_report()))
    report = str(EXAMPLES / "report.json")

    refused = run("am", "sh", str(EXAMPLES / "submit.sh"), PERIOD, str(wrong), succeeds=False)
    assert WRONG_AT in refused.stdout
    done = run("am", "sh", str(EXAMPLES / "submit.sh"), PERIOD, report)
    assert '"state":"submitted"' in done.stdout
    again = run("am", "sh", str(EXAMPLES / "submit.sh"), PERIOD, report)
    assert '"version":1' in again.stdout, "the same key gives the first answer again"

    withdraw(platform, "am", 1, 1)
    refused = run("am", sys.executable, str(EXAMPLES / "submit.py"), PERIOD, str(wrong), succeeds=False)
    assert f"{WRONG_AT}: The number is negative." in refused.stderr
    done = run("am", sys.executable, str(EXAMPLES / "submit.py"), PERIOD, report)
    assert done.stdout.startswith(f"version 2 of am, {PERIOD}: submitted")


def test_a_workbook_with_curl_and_by_the_command_line(run: Any, platform: Any, tmp_path: Path) -> None:
    path = tmp_path / "quarter.xlsx"
    run("pdm", "sh", str(EXAMPLES / "workbook.sh"), "get", PERIOD, str(path))
    change(path, lambda book: put(book, "challenges", first_empty_row(book, "challenges"), code="CH-pdm-70", state="?"))
    refused = run("pdm", "sh", str(EXAMPLES / "workbook.sh"), "send", PERIOD, str(path), succeeds=False)
    assert "Problēmas!" in refused.stderr

    by_hand = platform.nrem("submit", str(path), "--dry-run")
    assert by_hand.returncode == 2
    assert f"{path}: Problēmas!" in by_hand.stderr
    assert "nothing was submitted" in by_hand.stderr

    def mend(book: Any) -> None:
        row = next(cell.row for cell in sheet_of(book, "challenges")["B"] if cell.value == "CH-pdm-70")
        put(book, "challenges", row, state="pastāv", text__lv="Trūkst patversmes vietu")

    change(path, mend)
    assert "valid for pdm" in platform.nrem("submit", str(path), "--dry-run").stdout
    run("pdm", "sh", str(EXAMPLES / "workbook.sh"), "send", PERIOD, str(path))
    taken = platform.nrem("submit", str(path))
    assert (taken.returncode, "waits for a decision" in taken.stderr or "409" in taken.stderr) == (1, True)
    withdraw(platform, "pdm", 1, 1)
    key = tmp_path / "key.json"
    key.write_text(StateFolder(platform.state).keys()["pdm"].model_dump_json())
    elsewhere = ("--url", platform.url, "--key-file", str(key))
    done = platform.nrem("submit", str(path), *elsewhere)
    assert done.returncode == 0, done.stderr
    assert "pdm, 2026-Q4: version 2 submitted" in done.stdout


def change(path: Path, edit: Any) -> None:
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)


def test_earlier_quarters_are_brought_in_once(platform: Any, tmp_path: Path) -> None:
    history = EXAMPLES / "history.yaml"
    tried = platform.nrem("import-history", str(history), "--dry-run")
    assert tried.returncode == 0, tried.stderr
    assert "2025-Q3, would be opened: 2 would be imported" in tried.stdout
    done = platform.nrem("import-history", str(history))
    assert "2025-Q4, opened: 1 imported, 0 there already" in done.stdout
    again = platform.nrem("import-history", str(history))
    assert "2025-Q4: 0 imported, 1 there already" in again.stdout

    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(history.read_text().replace("value: 1", "value: -1").replace("2025-Q", "2024-Q"))
    refused = platform.nrem("import-history", str(wrong))
    assert refused.returncode == 2
    assert f"{wrong}:11: /periods/0/submissions/0/observations/0/value: The number is negative." in refused.stderr
    empty = platform.nrem("import-history", "--template", str(tmp_path / "history.xlsx"))
    assert empty.returncode == 0, empty.stderr
    assert openpyxl.load_workbook(tmp_path / "history.xlsx").sheetnames[0] == "Start"
