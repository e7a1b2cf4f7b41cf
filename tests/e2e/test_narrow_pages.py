"""A narrow page: the menu is folded without a script, and figures of the last quarter are changed by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from e2e.people import VIEWS, Open, main, no_barriers, opened, press, submission  # noqa: F401
from support.keyboard import chosen, tab_to, typed

MENU = {"lv": "Izvēlne", "en": "Menu"}
FIGURES = "/sections/observations"
#: A line of the last quarter: what it says, and after its form of exploitation was changed.
LINE = {"lv": "piespiedu darbs vai pakalpojumi", "en": "forced labour or services"}
CHANGED = {"lv": "ubagošana", "en": "begging"}
BACK = {"lv": "Saglabāt un atgriezties", "en": "Save and return"}


@VIEWS
def test_the_menu_is_folded_on_a_narrow_screen_and_there_on_a_wide_one(
    opened: Open,  # noqa: F811
    language: str,
    width: int,
) -> None:
    page = opened("coordinator", "iem", width=width, language=language)
    page.goto("/intake/")
    navigation, menu = page.locator("#site-navigation"), page.get_by_role("button", name=MENU[language], exact=True)
    top = page.evaluate("document.querySelector('main').getBoundingClientRect().top")
    if width > 640:
        expect(menu).to_be_hidden()
        expect(navigation).to_be_visible()
        return
    assert top < 200, top
    expect(navigation).to_be_hidden()
    tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(navigation.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(navigation).to_be_hidden()
    page.keyboard.press("Enter")
    tab_to(page, navigation.get_by_role("link").nth(2))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/statistics/"))


@VIEWS
def test_a_line_of_the_last_quarter_is_changed_by_keyboard(opened: Open, language: str, width: int) -> None:  # noqa: F811
    page = opened("member", "vp", width=width, language=language)
    report = f"{submission('vp')}/report"
    page.goto(report + FIGURES)
    rows = page.locator("[aria-labelledby=figures-SUSP] tbody tr")
    line = rows.filter(has_text=LINE[language]).filter(has=page.locator("details")).first
    at = line.get_attribute("id")
    expect(line.get_by_role("combobox")).to_have_count(1)  # only the reason why there is no number
    tab_to(page, line.locator("summary"))
    page.keyboard.press("Enter")
    chosen(page, line.locator("select[name$='/form_of_exploitation']"), "BEGGING")
    no_barriers(page)
    typed(page, line.get_by_role("textbox").first, "1")
    press(page, BACK[language])
    page.goto(report + FIGURES)
    saved = rows.filter(has_text=re.compile(CHANGED[language], re.IGNORECASE)).first
    expect(saved.locator("details:not([open])")).to_have_count(1)
    tab_to(page, saved.locator("summary"))
    page.keyboard.press("Enter")
    with page.expect_navigation():
        tab_to(page, saved.locator("button"))
        page.keyboard.press("Enter")
    expect(main(page).locator("[id='/observations/0'] .nrem-lines__name")).not_to_contain_text(CHANGED[language])
    assert at
