"""`nrem` explains itself, and refuses what it cannot use with exit status 2, file, line and reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nrem_embedded.cli import build
from nrem_embedded.cli.clock import instant, told
from nrem_embedded.cli.outcome import Refused
from nrem_embedded.project_data import data_folder

COMMANDS = (
    ("demo",),
    ("status",),
    ("submit",),
    ("import-quarter",),
    ("import-history",),
    ("check-quarter",),
    ("verify-journal",),
    ("migrate",),
    ("rebuild",),
    ("republish",),
    ("backup",),
    ("restore",),
    ("doctor",),
    ("load",),
    ("clock", "show"),
    ("clock", "advance"),
    ("dead-letters", "list"),
    ("dead-letters", "replay"),
    ("mail", "test"),
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    for name in ("NREM_URL", "NREM_CLIENT_ID", "NREM_CLIENT_SECRET", "NREM_STATE", "NREM_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(build(), [*arguments, "--state", str(tmp_path / "nothing")])

    return invoke


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_teaches_by_example(command: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(build(), [*command, "--help"], env={"COLUMNS": "140"})
    assert shown.exit_code == 0
    assert f"nrem {' '.join(command)}" in " ".join(shown.output.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("clock", "show"),
        ("clock", "advance", "3d"),
        ("check-quarter", str(data_folder() / "demo/submissions-2026-Q1.yaml")),
        ("import-quarter", str(data_folder() / "demo/submissions-2026-Q1.yaml")),
        ("dead-letters", "list"),
        ("verify-journal", "--service", "intake"),
        ("mail", "test", "somebody@iem.example"),
        ("republish",),
        ("backup", "back-up.zip"),
        ("load", "members"),
        ("import-history", "history.yaml"),
        ("submit", str(data_folder() / "demo/submissions-2026-Q1.yaml")),
    ],
    ids=" ".join,
)
def test_without_a_platform_every_command_says_what_to_do(run: object, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)  # type: ignore[operator]
    assert result.exit_code == 2
    assert "there is no platform in" in result.stderr
    assert "--state" in result.stderr


def test_a_bad_file_is_named_with_line_and_reason(run: object, tmp_path: Path) -> None:
    path = tmp_path / "quarter.yaml"
    path.write_text("period: 2026-Q1\nperiod: 2026-Q2\n")
    for command in ("check-quarter", "import-quarter"):
        result = run(command, str(path))  # type: ignore[operator]
        assert result.exit_code == 2
        assert f"{path}:2: the key 'period' stands here a second time" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("rebuild", "billing"), "there is no service 'billing'"),
        (("verify-journal", "--service", "billing"), "there is no service 'billing'"),
        (("republish", "billing"), "there is no service 'billing'"),
        (("load", "everything"), "there is no 'everything' to load"),
        (("restore", str(Path(__file__))), "it is no back-up, or is damaged"),
        (("verify-journal", "--head", "00"), "--head belongs to one journal"),
        (("verify-journal", "--service", "intake", "--head", "xyz"), "'xyz' is no head"),
    ],
)
def test_what_cannot_be_meant_is_refused(run: object, arguments: tuple[str, ...], reason: str) -> None:
    result = run(*arguments)  # type: ignore[operator]
    assert result.exit_code == 2
    assert reason in result.stderr


def test_a_date_is_its_beginning_in_riga() -> None:
    assert instant("2026-10-20") == datetime(2026, 10, 19, 21, tzinfo=UTC)
    assert instant("2026-12-01T12:00") == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert instant("2026-12-01T12:00:00Z") == datetime(2026, 12, 1, 12, tzinfo=UTC)
    with pytest.raises(Refused, match="no date"):
        instant("tomorrow")


def test_steps_are_told_in_words() -> None:
    step = {"action": "accept", "member": "vp", "period": "2026-Q3", "version": 1}
    assert told(step) == "the coordinator accepts version 1 of vp, 2026-Q3"
    passed_over = {**step, "outcome": "skipped", "why": "Version 1 was decided before."}
    assert told(passed_over).endswith("– passed over: Version 1 was decided before.")
