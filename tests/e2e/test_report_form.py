"""The first report by the form, by keyboard only, and what the form does by itself."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from e2e.people import (
    Open,
    content_of,
    main,
    no_barriers,
    opened,  # noqa: F401
    press,
    standing,
    submission,
    views_of,
)
from support.keyboard import chosen, pressed, typed, typed_date

DAY = "2026-10-13"

WORDS = {
    "lv": {
        "open": "Aizpildīt pārskatu",
        "activities": "Pasākumi",
        "type": "Jauna pasākuma veids",
        "add": "Pievienot pasākumu",
        "title": "Nosaukums latviešu valodā",
        "date": "Datums",
        "audience": "Mērķgrupa",
        "go_on": "Saglabāt un turpināt",
        "tasks": "Uz sadaļu sarakstu",
        "check": "Pārbaudīt un iesniegt",
        "submit": "Iesniegt pārskatu",
        "received": "1. versija ir saņemta.",
    },
    "en": {
        "open": "Fill in the report",
        "activities": "Activities",
        "type": "Type of the new activity",
        "add": "Add an activity",
        "title": "Title in Latvian",
        "date": "Date",
        "audience": "Audience",
        "go_on": "Save and continue",
        "tasks": "To the list of sections",
        "check": "Check and submit",
        "submit": "Submit the report",
        "received": "Version 1 was received.",
    },
}


#: Members that report this figure, of whom no journey before this one sends anything.
@views_of("am", "bac", "pmlp", "tsb")
def test_the_first_report_by_keyboard_only(opened: Open, language: str, width: int, member: str) -> None:  # noqa: F811
    words = WORDS[language]
    page = opened("member", member, width=width, language=language)
    page.goto(submission(member))
    no_barriers(page)
    press(page, words["open"])
    no_barriers(page)

    pressed(page, page.get_by_role("link", name=words["activities"], exact=True))
    chosen(page, page.get_by_label(words["type"]), "EVENT")
    press(page, words["add"])
    typed(page, page.get_by_label(words["title"]).first, "Informācijas diena")
    typed_date(page, page.get_by_label(words["date"], exact=True), DAY)
    chosen(page, page.get_by_label(words["audience"], exact=True), "PUBLIC")
    no_barriers(page)
    press(page, words["go_on"])

    expect(page).to_have_url(re.compile("/sections/observations"))
    line = page.locator("tr.nrem-lines__open").first
    for number, code in enumerate(("F", "ADULT", "SOCIAL_SERVICE")):
        chosen(page, line.get_by_role("combobox").nth(number), code)
    typed(page, line.get_by_role("textbox").first, "x")
    press(page, words["go_on"])
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    no_barriers(page)
    pressed(page, page.locator(".govuk-error-summary a").first)
    wrong = page.locator(":focus")
    expect(wrong).to_have_value("x")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/sections/plan_progress"))
    no_barriers(page)
    pressed(page, page.get_by_role("link", name=words["tasks"]))
    press(page, words["check"])
    expect(main(page)).to_contain_text("Informācijas diena")
    no_barriers(page)
    press(page, words["submit"])
    expect(main(page)).to_contain_text(words["received"])
    no_barriers(page)
    stands, content = standing(page, member), content_of(page, member, 1)
    assert (stands["state"], stands["version"]) == ("submitted", 1)
    assert [(one["type"], one["title"]["lv"], one["date"]) for one in content["activities"]] == [
        ("EVENT", "Informācijas diena", DAY)
    ]
    assert [(one["indicator"], one["value"]) for one in content["observations"]] == [("VICT_REFERRED", 2)]


def test_what_one_types_is_saved_by_itself(opened: Open) -> None:  # noqa: F811
    page = opened("member", "km")
    section = f"{submission('km')}/report/sections/challenges"
    page.goto(f"{section}?more=one")
    page.get_by_label("Text in Latvian").last.fill("Trūkst tulku")
    expect(page.locator("[data-saved]")).to_have_text("The draft is saved.")
    page.goto(section)
    expect(page.get_by_label("Text in Latvian").last).to_have_value("Trūkst tulku")
    for name in ("plan_progress", "future_plans", "activities?more=JOINT_PROJECT", "funding?more=one"):
        page.goto(f"{submission('km')}/report/sections/{name}")
        no_barriers(page)
