"""The coordinator reviews with the keyboard alone: queue, review, return per item, what changed, accept; together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from e2e.test_journey import step_into
from e2e.test_pages import barriers
from support.keyboard import pressed, tab_to

PERIOD = "2026-Q4"
MEMBER = "lm"
#: Who has nothing to report.
TOGETHER = ("marta", "vm")


@pytest.fixture
def page(browser: Browser, platform: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=platform.url, locale="en-GB", java_script_enabled=True)
    yield context.new_page()
    context.close()


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
    pressed(page, line.get_by_role("link").first)
    assert barriers(page) == []

    # Ask about the item, then return it.
    pressed(page, page.locator("article").get_by_role("link", name=re.compile("^Ask about this")).first)
    tab_to(page, page.get_by_label("Question or answer"))
    page.keyboard.type("Why so many?")
    pressed(page, page.get_by_role("button", name="Send"))
    expect(page.get_by_role("main")).to_contain_text("Why so many?")
    pressed(page, page.get_by_role("button", name="Return for correction"))
    tab_to(page, page.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    pressed(page, page.get_by_role("button", name="Return", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("The selected item has no reason.")
    assert barriers(page) == []
    tab_to(page, page.get_by_label("What to correct in item 1"))
    page.keyboard.type("Does not match the log")
    pressed(page, page.get_by_role("button", name="Return", exact=True))
    expect(page.get_by_role("main")).to_contain_text("Returned")

    # The member sees question and reason, answers by the next version.
    submit(page, tmp_path, 7)
    page.goto(f"/intake/periods/{PERIOD}/submissions/{MEMBER}?version=1")
    expect(page.get_by_role("main")).to_contain_text("Does not match the log")
    expect(page.get_by_role("main")).to_contain_text("Why so many?")

    # What changed is shown beside the previous version; it is accepted.
    step_into(page, "Continue as the coordinator")
    page.goto(f"/intake/queue?period={PERIOD}&state=changed")
    pressed(page, page.locator(f'a[href*="/{PERIOD}/submissions/{MEMBER}/versions/2/review"]').first)
    changed = page.locator("article.nrem-entry--changed")
    expect(changed.locator("del")).to_have_text("70")
    expect(changed.locator("ins")).to_have_text("7")
    expect(changed).to_contain_text("Does not match the log")
    assert barriers(page) == []
    pressed(page, page.get_by_role("button", name="Accept", exact=True))
    expect(page.get_by_role("main")).to_contain_text("Accepted.")


def test_nothing_to_report_is_accepted_together(page: Page, platform: Any) -> None:
    for member in TOGETHER:
        as_member(page, member)
        at = f"/intake/periods/{PERIOD}/submissions/{member}"
        headers = {"origin": platform.url}  # a browser says so; a request of the test's own says nothing by itself
        said = page.request.post(f"{at}/nothing", form={"revision": "0"}, headers=headers, max_redirects=0)
        assert said.status == 303, said.text()
    step_into(page, "Continue as the coordinator")
    page.goto(f"/intake/queue?period={PERIOD}&state=new")
    for box in page.get_by_role("checkbox").all():
        tab_to(page, box)
        page.keyboard.press("Space")
    pressed(page, page.get_by_role("button", name="Accept those selected"))
    expect(page.get_by_role("main")).to_contain_text("All are accepted, or none.")
    assert barriers(page) == []
    pressed(page, page.get_by_role("button", name="Accept", exact=True))
    expect(page.get_by_role("main")).to_contain_text("Accepted.")
    page.goto(f"/intake/queue?period={PERIOD}&state=accepted")
    for member in TOGETHER:
        expect(page.locator(f'a[href$="/{PERIOD}/submissions/{member}"]').first).to_be_visible()


def corrected(page: Page, platform: Any, member: str, period: str) -> int:
    """The member corrects two accepted figures; returns the correction's version."""
    at = f"/intake/api/periods/{period}/submissions/{member}"
    known = page.request.get(at).json()
    content = page.request.get(f"{at}/versions/{known['accepted_version']}").json()["content"]
    whole = [one for one in content["observations"] if one["value"] is not None][:2]
    items = [
        {
            "observation": {name: code for name, code in one.items() if name not in ("value", "empty", "comment")},
            "old": one["value"],
            "new": one["value"] + 1,
            "reason": {"lv": "Precizēts pēc žurnāla", "en": "By the log"},
        }
        for one in whole
    ]
    headers = {"origin": platform.url, "if-match": f'"{known["revision"]}"'}
    answer = page.request.post(f"{at}/corrections", data={"items": items}, headers=headers)
    assert answer.status == 201, answer.text()
    return int(answer.json()["version"])


@pytest.mark.parametrize("width", [1280, 320])
def test_a_correction_is_decided_figure_by_figure(page: Page, platform: Any, width: int) -> None:
    member, period = "vp", "2026-Q2"
    page.set_viewport_size({"width": width, "height": 900})
    as_member(page, member)
    version = corrected(page, platform, member, period)
    step_into(page, "Continue as the coordinator")
    page.goto(f"/intake/periods/{period}/submissions/{member}/versions/{version}/review?lang=en")
    pressed(page, page.get_by_role("link", name="Decide figure by figure"))
    assert barriers(page) == []
    pressed(page, page.get_by_role("button", name="Approve and return as chosen"))
    expect(page.get_by_role("alert")).to_contain_text("Nothing is chosen for figure 1.")
    assert barriers(page) == []
    for place, choice in (("0", "Approve"), ("1", "Return")):
        page.locator(f"fieldset:has([name='choice/{place}'])").get_by_label(choice, exact=True).check()
    tab_to(page, page.get_by_label("Why figure 2 is not approved"))
    page.keyboard.type("The log says otherwise")
    pressed(page, page.get_by_role("button", name="Approve and return as chosen"))
    expect(page.get_by_role("main")).to_contain_text("A part of the correction is accepted")
    as_member(page, member)
    page.goto(f"/intake/periods/{period}/submissions/{member}?lang=en")
    expect(page.get_by_role("main")).to_contain_text("Approved by")
    pressed(page, page.get_by_role("link", name=f"The whole correction (version {version})"))
    expect(page.get_by_role("main")).to_contain_text("The log says otherwise")
    assert barriers(page) == []


def test_a_question_waits_on_the_home_page_of_whoever_is_asked(page: Page) -> None:
    member, period = "vp", "2026-Q3"
    at = f"/intake/periods/{period}/submissions/{member}/versions/1/discussion?at=/observations/0"
    step_into(page, "Continue as the coordinator")
    page.goto(f"{at}&lang=en")
    page.get_by_label("Question or answer").fill("Are those of September in it?")
    pressed(page, page.get_by_role("button", name="Send"))
    as_member(page, member)
    page.goto("/reminders/today?lang=en")
    waiting = page.get_by_role("region", name=re.compile("^Questions without an answer"))
    expect(waiting).to_contain_text("Waits for an answer")
    assert "September" not in page.content()
    assert barriers(page) == []
    pressed(page, waiting.get_by_role("link"))
    page.get_by_label("Question or answer").fill("Yes, all of them.")
    pressed(page, page.get_by_role("button", name="Send"))
    page.goto("/reminders/today?lang=en")
    expect(page.get_by_role("region", name=re.compile("^Questions without an answer"))).to_have_count(0)
