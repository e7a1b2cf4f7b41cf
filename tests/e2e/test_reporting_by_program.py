"""Reporting by program: a key is issued by keyboard, and the documented programs report with what its page showed."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from e2e.people import COMBINATIONS, PERIOD, Open, main, no_barriers, opened, press, submission, take_back  # noqa: F401
from support.examples import EXAMPLES, WRONG_AT, example_report, run_program, wrong_report
from support.keyboard import copied, pressed

#: Reports what the example report says.
MEMBER = "tsb"
SAYS = {
    "lv": {"issue": "Izsniegt jaunu atslēgu", "settings": "Kas programmai jāzina", "example": "Pirmais mēģinājums",
           "manage": "Nomainīt vai atsaukt šīs iestādes atslēgas", "receipt": "Saņemšanas apliecinājums",
           "received": r"\d+\. versija ir saņemta\.", "unknown": "n.z."},
    "en": {"issue": "Issue a new key", "settings": "What the program has to know", "example": "A first try",
           "manage": "Replace or revoke keys of this institution", "receipt": "Receipt",
           "received": r"Version \d+ was received\.", "unknown": "n.k."},
}  # fmt: skip
#: How each documented program is called with a file.
PROGRAMS = {
    "curl": ("sh", str(EXAMPLES / "submit.sh"), PERIOD),
    "python": (sys.executable, str(EXAMPLES / "submit.py"), PERIOD),
    "nrem": (sys.executable, "-m", "nrem_embedded", "submit", "--period", PERIOD, "--member", MEMBER),
}
#: `own` = a program of one's own, which knows the page and the interface's description.
CLIENTS = ("curl", "python", "nrem", "own")


class Terminal:
    """Where somebody pasted the settings that the page showed."""

    def __init__(self, folder: Path, settings: str) -> None:
        self._folder, self._settings = folder, settings

    def __call__(self, *command: str, succeeds: bool = True) -> str:
        """Run a program; everything it said."""
        done = run_program(self._folder, "sh", "-c", f'{self._settings}\nexec "$@"', "sh", *command, succeeds=succeeds)
        return done.stdout + done.stderr

    def paste(self, lines: str) -> str:
        """Run lines of a page; everything they said."""
        return self("sh", "-c", lines)

    def variable(self, name: str) -> str:
        """One of the settings."""
        return self("printenv", name).strip()


def reports_with(client: str, terminal: Terminal, folder: Path) -> None:
    """A wrong report is refused with its field, a right one taken."""
    if client == "own":
        with_a_program_of_ones_own(terminal)
        return
    wrong = folder / "wrong.json"
    wrong.write_text(json.dumps(wrong_report()))
    assert WRONG_AT in terminal(*PROGRAMS[client], str(wrong), succeeds=False)
    assert "submitted" in terminal(*PROGRAMS[client], str(EXAMPLES / "report.json"))


def with_a_program_of_ones_own(terminal: Terminal) -> None:
    """As the interface describes itself: the statuses, the problem with its field, the revision seen."""
    pair = (terminal.variable("NREM_CLIENT_ID"), terminal.variable("NREM_CLIENT_SECRET"))
    with httpx.Client(base_url=f"{terminal.variable('NREM_URL')}/intake/api", trust_env=False) as http:
        granted = http.post("/oauth/token", auth=pair, data={"grant_type": "client_credentials"})
        http.headers["authorization"] = f"Bearer {granted.json()['access_token']}"
        at = f"/periods/{PERIOD}/submissions/{MEMBER}"
        seen = http.get(at)
        revision = {"if-match": seen.headers["etag"]} if seen.status_code == 200 else {}
        refused = http.post(at, json=wrong_report(), headers=revision)
        assert refused.status_code == 422, refused.text
        assert refused.headers["content-type"] == "application/problem+json"
        assert [error["pointer"] for error in refused.json()["errors"]] == [WRONG_AT]
        taken = http.post(at, json=example_report(), headers=revision)
        assert taken.status_code == 201, taken.text
        assert taken.json()["state"] == "submitted"


@pytest.mark.parametrize(
    ("language", "width", "client"), [(*view, client) for view, client in zip(COMBINATIONS, CLIENTS, strict=True)]
)
def test_a_report_by_program_with_a_key_from_its_page(
    opened: Open,  # noqa: F811
    platform: Any,
    tmp_path: Path,
    language: str,
    width: int,
    client: str,
) -> None:
    says = SAYS[language]
    focal, coordinator = (opened(role, MEMBER, width=width, language=language) for role in ("member", "coordinator"))
    take_back(focal, MEMBER, platform)
    coordinator.goto(f"/intake/administration/members/{MEMBER}")
    no_barriers(coordinator)
    press(coordinator, says["issue"])
    no_barriers(coordinator)
    terminal = Terminal(tmp_path, copied(coordinator, coordinator.get_by_label(says["settings"])))
    first_try = copied(coordinator, coordinator.get_by_label(says["example"]))

    assert '"valid":true' in terminal.paste(first_try)
    before = versions(focal)
    reports_with(client, terminal, tmp_path)
    sees_the_report(focal, says, before + 1)

    # Revoked, the key is good for nothing; it is the newest of the institution.
    pressed(coordinator, main(coordinator).get_by_role("link", name=says["manage"]))
    no_barriers(coordinator)
    pressed(coordinator, main(coordinator).locator("form[action$='/revoke'] button").first)
    expect(coordinator).to_have_url(re.compile(f"/administration/members/{MEMBER}#keys"))
    assert '"status":401' in terminal.paste(first_try)


def versions(focal: Page) -> int:
    found = focal.request.get(f"/intake/api/periods/{PERIOD}/submissions/{MEMBER}")
    return int(found.json()["version"]) if found.status == 200 else 0


def sees_the_report(focal: Page, says: dict[str, str], version: int) -> None:
    """The focal point finds it, with what the program said, and its receipt."""
    focal.goto("/intake/")
    pressed(focal, main(focal).locator(f"a[href$='{submission(MEMBER)}']"))
    expect(main(focal)).to_contain_text("Uzskaite sākta oktobrī")
    expect(main(focal).locator("#observations td.nrem-number")).to_have_text(["2", says["unknown"]])
    no_barriers(focal)
    pressed(focal, main(focal).get_by_role("link", name=says["receipt"]))
    expect(main(focal)).to_contain_text(re.compile(says["received"].replace(r"\d+", str(version))))
    no_barriers(focal)
    assert versions(focal) == version
