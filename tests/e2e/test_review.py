"""The coordinator reviews with the keyboard alone: queue, review, return per item, what changed, accept; together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.test_journey import step_into
from e2e.test_pages import barriers

PERIOD = "2026-Q4"
MEMBER = "lm"
#: Who has nothing to report.
TOGETHER = ("marta", "vm")


@pytest.fixture
def page(browser: Browser, platform: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=platform.url, locale="en-GB", java_script_enabled=True)
    yield context.new_page()
    context.close()


def reach(page: Page, target: Locator, steps: int = 400) -> None:
    """Tab until the target has the focus."""
    for _ in range(steps):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached with the keyboard")


def press(page: Page, target: Locator) -> None:
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def written(folder: Path, value: int) -> Path:
    observation = {"indicator": "SERV_NEW", "sex": "F", "age_group": "ADULT", "value": value}
    path = folder / f"{PERIOD}-{MEMBER}-{value}.yaml"
    path.write_text(yaml.safe_dump({"nothing_to_report": False, "observations": [observation]}))
    return path


def as_member(page: Page, member: str) -> None:
    page.goto("/demonstration?lang=en")
    page.get_by_label("Another member").select_option(member)
    page.get_by_role("button", name="Continue as the chosen member").click()


def submit(page: Page, tmp_path: Path, value: int) -> None:
    as_member(page, MEMBER)
    page.goto(f"/intake/periods/{PERIOD}/submissions/{MEMBER}/upload")
    page.set_input_files("input[type=file]", written(tmp_path, value))
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("submitted")


def test_queue_return_next_version_and_acceptance_by_keyboard(page: Page, tmp_path: Path) -> None:
    submit(page, tmp_path, 70)
    step_into(page, "Continue as the coordinator")
    page.goto(f"/intake/queue?period={PERIOD}&state=new")
    line = page.get_by_role("row").filter(has=page.locator(f'a[href*="/{PERIOD}/submissions/{MEMBER}/"]'))
    expect(line).to_contain_text("new")
    press(page, line.get_by_role("link").first)
    assert barriers(page) == []

    # Ask about the item, then return it.
    press(page, page.locator("article").get_by_role("link", name=re.compile("^Ask about this")).first)
    reach(page, page.get_by_label("Question or answer"))
    page.keyboard.type("Why so many?")
    press(page, page.get_by_role("button", name="Send"))
    expect(page.get_by_role("main")).to_contain_text("Why so many?")
    press(page, page.get_by_role("button", name="Return for correction"))
    reach(page, page.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Return", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("The selected item has no reason.")
    assert barriers(page) == []
    reach(page, page.get_by_label("What to correct in item 1"))
    page.keyboard.type("Does not match the log")
    press(page, page.get_by_role("button", name="Return", exact=True))
    expect(page.get_by_role("main")).to_contain_text("Returned")

    # The member sees question and reason, answers by the next version.
    submit(page, tmp_path, 7)
    page.goto(f"/intake/periods/{PERIOD}/submissions/{MEMBER}?version=1")
    expect(page.get_by_role("main")).to_contain_text("Does not match the log")
    expect(page.get_by_role("main")).to_contain_text("Why so many?")

    # What changed is shown beside the previous version; it is accepted.
    step_into(page, "Continue as the coordinator")
    page.goto(f"/intake/queue?period={PERIOD}&state=changed")
    press(page, page.locator(f'a[href*="/{PERIOD}/submissions/{MEMBER}/versions/2/review"]').first)
    changed = page.locator("article.nrem-entry--changed")
    expect(changed.locator("del")).to_have_text("70")
    expect(changed.locator("ins")).to_have_text("7")
    expect(changed).to_contain_text("Does not match the log")
    assert barriers(page) == []
    press(page, page.get_by_role("button", name="Accept", exact=True))
    expect(page.get_by_role("main")).to_contain_text("Accepted.")


def test_nothing_to_report_is_accepted_together(page: Page) -> None:
    for member in TOGETHER:
        as_member(page, member)
        at = f"/intake/periods/{PERIOD}/submissions/{member}"
        said = page.request.post(f"{at}/nothing", form={"revision": "0"}, max_redirects=0)
        assert said.status == 303, said.text()
    step_into(page, "Continue as the coordinator")
    page.goto(f"/intake/queue?period={PERIOD}&state=new")
    for box in page.get_by_role("checkbox").all():
        reach(page, box)
        page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Accept those selected"))
    expect(page.get_by_role("main")).to_contain_text("All are accepted, or none.")
    assert barriers(page) == []
    press(page, page.get_by_role("button", name="Accept", exact=True))
    expect(page.get_by_role("main")).to_contain_text("Accepted.")
    page.goto(f"/intake/queue?period={PERIOD}&state=accepted")
    for member in TOGETHER:
        expect(page.locator(f'a[href$="/{PERIOD}/submissions/{member}"]').first).to_be_visible()
