"""Reporting by the form, as people do it: by keyboard, on a phone, returned, corrected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.test_pages import barriers
from support.keyboard import pressed, tab_to

PERIOD = "2026-Q4"
DAY = "2026-10-05"

Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, platform: Any) -> Iterator[Open]:
    """Pages of people: `opened("member", "bac")` is signed in as the focal point of one institution."""
    contexts = []

    def as_somebody(
        role: str, member: str, *, width: int = 1280, language: str = "en", sections: str | None = None
    ) -> Page:
        context = browser.new_context(
            base_url=platform.url, viewport={"width": width, "height": 800}, locale=f"{language}-{language.upper()}"
        )
        contexts.append(context)
        form = {"role": role, "member": member} | ({"sections": sections} if sections else {})
        answer = context.request.post("/intake/demonstration/session", form=form, max_redirects=0)
        assert answer.status == 303, answer.text()
        page = context.new_page()
        page.goto(f"/intake/?lang={language}")
        return page

    yield as_somebody
    for context in contexts:
        context.close()


def submission(member: str, period: str = PERIOD) -> str:
    return f"/intake/periods/{period}/submissions/{member}"


def from_here(page: Page) -> dict[str, str]:
    """What a browser says with a post; a request of the test's own says nothing by itself."""
    address = urlsplit(page.url)
    return {"origin": f"{address.scheme}://{address.netloc}"}


def typed(page: Page, label: str | re.Pattern[str], text: str) -> None:
    tab_to(page, page.get_by_label(label).first)
    page.keyboard.type(text)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True).last


def no_barriers(page: Page, width: int) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


WORDS = {
    "lv": {
        "open": "Aizpildīt pārskatu",
        "activities": "Pasākumi",
        "type": "Jauna pasākuma veids",
        "event": "Pasākums",
        "add": "Pievienot pasākumu",
        "title": "Nosaukums latviešu valodā",
        "date": "Datums",
        "audience": "Mērķgrupa",
        "public": "sabiedrība",
        "go_on": "Saglabāt un turpināt",
        "sex": "dzimums",
        "female": "sieviete",
        "age": "vecuma grupa",
        "adult": "pilngadīga",
        "destination": "kur novirzīts",
        "service": "sociālais dienests",
        "number": "Skaitlis",
        "tasks": "Uz sadaļu sarakstu",
        "check": "Pārbaudīt un iesniegt",
        "submit": "Iesniegt pārskatu",
        "received": "1. versija ir saņemta.",
    },
    "en": {
        "open": "Fill in the report",
        "activities": "Activities",
        "type": "Type of the new activity",
        "event": "event",
        "add": "Add an activity",
        "title": "Title in Latvian",
        "date": "Date",
        "audience": "Audience",
        "public": "general public",
        "go_on": "Save and continue",
        "sex": "sex",
        "female": "female",
        "age": "age group",
        "adult": "adult",
        "destination": "referred to",
        "service": "social",
        "number": "Number",
        "tasks": "To the list of sections",
        "check": "Check and submit",
        "submit": "Submit the report",
        "received": "Version 1 was received.",
    },
}


@pytest.mark.parametrize(("language", "width", "member"), [("lv", 1280, "bac"), ("en", 320, "pmlp")])
def test_the_first_report_by_keyboard_only(opened: Open, language: str, width: int, member: str) -> None:
    words = WORDS[language]
    page = opened("member", member, width=width, language=language)
    page.goto(submission(member))
    pressed(page, page.get_by_role("button", name=words["open"]))
    no_barriers(page, width)

    pressed(page, page.get_by_role("link", name=words["activities"], exact=True))
    tab_to(page, page.get_by_label(words["type"]))
    page.get_by_label(words["type"]).select_option("EVENT")
    pressed(page, button(page, words["add"]))
    typed(page, words["title"], "Informācijas diena")
    tab_to(page, page.get_by_label(words["date"], exact=True))
    page.get_by_label(words["date"], exact=True).fill(DAY)
    tab_to(page, page.get_by_label(words["audience"], exact=True))
    page.get_by_label(words["audience"], exact=True).select_option("PUBLIC")
    no_barriers(page, width)
    pressed(page, button(page, words["go_on"]))

    expect(page).to_have_url(re.compile("/sections/observations"))
    line = page.locator("tr").filter(has=page.locator("select")).first
    for number, code in enumerate(("F", "ADULT", "SOCIAL_SERVICE")):
        chosen = line.get_by_role("combobox").nth(number)
        tab_to(page, chosen)
        chosen.select_option(code)
    tab_to(page, line.get_by_role("textbox").first)
    page.keyboard.type("x")
    pressed(page, button(page, words["go_on"]))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    no_barriers(page, width)
    pressed(page, page.locator(".govuk-error-summary a").first)
    wrong = page.locator(":focus")
    expect(wrong).to_have_value("x")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/sections/plan_progress"))
    pressed(page, page.get_by_role("link", name=words["tasks"]))
    pressed(page, page.get_by_role("button", name=words["check"]))
    expect(page.get_by_role("main")).to_contain_text("Informācijas diena")
    no_barriers(page, width)
    pressed(page, button(page, words["submit"]))
    expect(page.get_by_role("main")).to_contain_text(words["received"])
    no_barriers(page, width)


def test_what_one_types_is_saved_by_itself(opened: Open) -> None:
    page = opened("member", "km")
    section = f"{submission('km')}/report/sections/challenges"
    page.goto(f"{section}?more=one")
    page.get_by_label("Text in Latvian").last.fill("Trūkst tulku")
    expect(page.locator("[data-saved]")).to_have_text("The draft is saved.")
    page.goto(section)
    expect(page.get_by_label("Text in Latvian").last).to_have_value("Trūkst tulku")
    for name in ("plan_progress", "future_plans", "funding", "activities?more=JOINT_PROJECT", "funding?more=one"):
        page.goto(f"{submission('km')}/report/sections/{name}")
        no_barriers(page, 1280)


def test_returned_and_the_next_version(opened: Open) -> None:
    focal, coordinator = opened("member", "izm"), opened("coordinator", "iem")
    at = submission("izm")
    focal.goto(f"{at}/report/sections/challenges?more=one")
    focal.get_by_label("Text in Latvian").last.fill("Skolām trūkst materiālu")
    focal.get_by_role("button", name="Save and return").click()
    focal.get_by_role("button", name="Check and submit").click()
    focal.get_by_role("button", name="Submit the report").click()
    expect(focal.get_by_role("main")).to_contain_text("Version 1 was received.")

    state = coordinator.request.get(f"/intake/api/periods/{PERIOD}/submissions/izm").json()
    answer = coordinator.request.post(
        f"/intake/api/periods/{PERIOD}/submissions/izm/versions/1/return",
        data={"reasons": [{"at": "/challenges/0/text", "text": {"lv": "Kurām skolām?"}}]},
        headers={"if-match": f'"{state["revision"]}"', **from_here(coordinator)},
    )
    assert answer.status == 200, answer.text()
    focal.goto(f"{at}/report")
    focal.get_by_role("link", name="Challenges").click()
    expect(focal.locator("[id='/challenges/0/text/lv-error']")).to_contain_text("Kurām skolām?")
    no_barriers(focal, 1280)
    focal.get_by_label("Text in Latvian").first.fill("Lauku skolām trūkst materiālu")
    focal.get_by_role("button", name="Save and return").click()
    focal.get_by_role("button", name="Check and submit").click()
    focal.get_by_role("button", name="Submit the report").click()
    expect(focal.get_by_role("main")).to_contain_text("Version 2 was received.")


def test_a_late_correction(opened: Open) -> None:
    page = opened("member", "bac")
    page.goto(submission("bac", "2026-Q2"))
    page.get_by_role("button", name="Correct figures").click()
    no_barriers(page, 1280)
    row = page.locator("table.nrem-lines").first.locator("tbody tr").first
    row.get_by_role("textbox").first.fill("4")
    page.get_by_role("button", name="Submit the correction").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("The correction has no reason.")
    row.get_by_role("textbox").last.fill("Viena persona ierakstīta divreiz")
    page.get_by_role("button", name="Submit the correction").click()
    expect(page.get_by_role("main")).to_contain_text("Version 2 was received.")
    page.get_by_role("link", name="To the submission's page").click()
    expect(page.get_by_role("main")).to_contain_text("Viena persona ierakstīta divreiz")
