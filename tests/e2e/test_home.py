"""Home in a browser: a visitor, a member who asks for more time, the coordinator who gives it, the operator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.timeout(600)

PERIOD = "2026-Q4"
MEMBER = "bac"


@pytest.fixture
def page(browser: Browser, platform: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=platform.url, locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_from_the_landing_page_home_and_back(page: Page) -> None:
    page.goto("/?lang=en")
    assert "/reminders" not in page.url
    page.get_by_role("button", name="Continue as an operator", exact=True).click()
    expect(page).to_have_url(re.compile("/reminders/today$"))
    assert heading(page) == "What needs you today"
    page.get_by_role("link", name="Figures (statistics)").click()
    assert heading(page) == "Operations: statistics"
    page.get_by_role("link", name="Demonstration", exact=True).click()
    expect(page).to_have_url(re.compile("/demonstration$"))
    page.goto("/")
    expect(page).to_have_url(re.compile("/reminders/today$"))
    page.goto("/statistics/?lang=lv")
    expect(page.locator("html")).to_have_attribute("lang", "lv")
    page.get_by_role("button", name="Iziet").click()
    page.goto("/reminders/today?lang=en")
    expect(page.get_by_role("main")).to_contain_text("These pages are open to everybody.")


def test_more_time_from_the_wish_to_the_new_date(page: Page) -> None:
    page.goto("/demonstration?lang=en")
    page.get_by_label("Another member").select_option(MEMBER)
    page.get_by_role("button", name="Continue as the chosen member").click()
    page.get_by_role("link", name=re.compile("Quarterly submission: Q4 2026")).click()
    page.get_by_role("link", name="Ask for more time").click()
    page.get_by_label("New due date").fill("2027-01-22")
    page.get_by_label("Reason").fill("Reģistra dati būs vēlāk")
    page.get_by_role("button", name="Ask for more time").click()
    expect(page.get_by_role("main")).to_contain_text("More time was asked for, until 22 January 2027")

    page.goto("/demonstration?lang=en")
    page.get_by_role("button", name="Continue as the coordinator", exact=True).click()
    page.get_by_role("link", name=re.compile(f"{PERIOD}: until 22 January 2027")).click()
    page.get_by_label("Reason", exact=True).fill("Saskaņots")
    page.get_by_role("button", name="Give more time").click()
    expect(page.get_by_role("main")).to_contain_text("The due date was moved to 22 January 2027.")

    page.goto(f"/reminders/obligation?key=QUARTER/{PERIOD}/{MEMBER}")
    expect(page.get_by_role("main")).to_contain_text("22 January 2027")
    page.get_by_label("New note").fill("Zvanīju: solīja līdz piektdienai")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("main")).to_contain_text("Zvanīju: solīja līdz piektdienai")
    page.get_by_label("A line of your own").fill("Gaidām ceturkšņa datus.")
    page.get_by_role("button", name="Send the reminder").click()
    expect(page.get_by_role("main")).to_contain_text("The reminder is on its way.")


def test_a_test_mail_from_the_command_line(platform: Any) -> None:
    sent = platform.nrem("mail", "test", "kontakts@vp.example")
    assert sent.returncode == 0, sent.stderr
    assert "through the demonstration's own mailboxes, which took it" in sent.stdout
    refused = platform.nrem("mail", "test", "nobody")
    assert refused.returncode == 1
    assert "nobody is no e-mail address" in refused.stderr
