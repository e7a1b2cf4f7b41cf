"""From a member's file to a figure, in a browser: submitted, returned, submitted again, accepted, shown at once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

PERIOD = "2026-Q4"
MEMBER = "vrs"

#: Nobody has reported: the page says so, and shows no zero.
NOBODY = re.compile("not rep")


def document(value: int) -> dict[str, Any]:
    referred = {"indicator": "VICT_REFERRED", "sex": "M", "age_group": "ADULT", "destination": "STATE_POLICE"}
    empty = ("activities", "plan_progress", "future_plans", "challenges", "funding")
    return {"nothing_to_report": False, "observations": [{**referred, "value": value}], **{name: [] for name in empty}}


def written(folder: Path, value: int) -> Path:
    path = folder / f"{PERIOD}-{MEMBER}-{value}.yaml"
    path.write_text(yaml.safe_dump(document(value), sort_keys=False))
    return path


@pytest.fixture
def page(browser: Browser, platform: Any) -> Any:
    context = browser.new_context(base_url=platform.url, locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def step_into(page: Page, button: str) -> None:
    page.goto("/demonstration?lang=en")
    page.get_by_role("button", name=button, exact=True).click()


def submit_file(page: Page, path: Path) -> None:
    page.goto(f"/intake/periods/{PERIOD}/submissions/{MEMBER}/upload")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Submit", exact=True).click()


def referred(page: Page) -> Locator:
    """The whole group's figure of persons referred, on the page of a quarter."""
    return page.get_by_role("row", name=re.compile("^Persons referred for support")).get_by_role("cell").first


def test_a_figure_from_file_to_page(page: Page, platform: Any, tmp_path: Path) -> None:
    # The member submits from a file.
    page.goto("/demonstration?lang=en")
    page.get_by_label("Another member").select_option(MEMBER)
    page.get_by_role("button", name="Continue as the chosen member").click()
    submit_file(page, written(tmp_path, 70))
    expect(page.get_by_role("main")).to_contain_text("submitted")

    # The coordinator returns it, with a reason.
    step_into(page, "Continue as the coordinator")
    page.goto(f"/intake/periods/{PERIOD}/submissions/{MEMBER}/versions/1/return")
    page.get_by_role("textbox").first.fill("Skaits neatbilst žurnālam")
    page.get_by_role("main").get_by_role("button").last.click()
    page.goto(f"/intake/periods/{PERIOD}/submissions/{MEMBER}")
    expect(page.get_by_role("main")).to_contain_text("returned")
    page.goto(f"/statistics/quarters/{PERIOD}?lang=en")
    expect(referred(page)).to_have_text(NOBODY)

    # The member sees why, and submits the next version.
    page.goto("/demonstration?lang=en")
    page.get_by_label("Another member").select_option(MEMBER)
    page.get_by_role("button", name="Continue as the chosen member").click()
    page.goto(f"/intake/periods/{PERIOD}/submissions/{MEMBER}")
    expect(page.get_by_role("main")).to_contain_text("Skaits neatbilst žurnālam")
    submit_file(page, written(tmp_path, 7))

    # The coordinator accepts it; the very next page shows the figure.
    step_into(page, "Continue as the coordinator")
    page.goto("/intake/queue")
    page.locator(f'a[href*="/{PERIOD}/submissions/{MEMBER}/versions/2/review"]').first.click()
    page.get_by_role("button", name="Accept", exact=True).click()
    page.goto(f"/statistics/quarters/{PERIOD}?lang=en")
    expect(referred(page)).to_have_text(re.compile(r"^\s*7(?!\d)"))
    expect(page.locator(".nrem-strip--stale")).to_have_count(0)

    # As known on yesterday it is not there.
    now = datetime.fromisoformat(page.request.get("/demonstration/status").json()["now"])
    yesterday = now.astimezone(ZoneInfo("Europe/Riga")).date() - timedelta(days=1)
    page.goto(f"/statistics/quarters/{PERIOD}?lang=en&as_known_on={yesterday}")
    expect(referred(page)).to_have_text(NOBODY)
