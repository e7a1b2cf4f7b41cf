"""A focal point leaves, by keyboard: what is open is the deputy's, mails go there, and the leaver is out at once."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.mailed import link_asked_for, mails_at, reminded, signed_in_by_mail
from e2e.people import PERIOD, VIEWS, Open, from_here, main, no_barriers, opened, press, submission  # noqa: F401
from support.keyboard import pressed, typed
from support.platforms import in_intake

#: An institution with a task, a quarter that it did not report, and a report that waits for the coordinator.
MEMBER, FOCAL, DEPUTY = "km", "kontakts@km.example", "vietnieks@km.example"
RETURNED, MISSING = submission(MEMBER, "2026-Q3"), submission(MEMBER, "2026-Q2")
QUESTION = "Vai saskaitīti arī filiāļu pasākumi?"
HOME = "/reminders/today"

SAYS = {
    "lv": {"erase": "Dzēst adresi", "fill": "Aizpildīt pārskatu", "plans": "Nākotnes plāni", "send": "Nosūtīt",
           "not_here": "Šī adrese platformai vairs nav zināma. Jautājiet koordinatoram."},
    "en": {"erase": "Erase the address", "fill": "Fill in the report", "plans": "Future plans", "send": "Send",
           "not_here": "The platform does not know this address any more."},
}  # fmt: skip


@pytest.fixture
def newcomer(browser: Browser, platform: Any, language: str, width: int) -> Iterator[Any]:
    """Browsers in which nobody is signed in."""
    contexts: list[BrowserContext] = []

    def one() -> Page:
        view = {"width": width, "height": 800}
        contexts.append(browser.new_context(base_url=platform.url, viewport=view, locale=language))
        return contexts[-1].new_page()

    yield one
    for context in contexts:
        context.close()


@VIEWS
def test_when_the_focal_point_leaves_open_work_is_the_deputys(
    opened: Open,  # noqa: F811
    newcomer: Any,
    platform: Any,
    language: str,
    width: int,
) -> None:
    says, begun = SAYS[language], f"Apmācīt muzeju darbiniekus ({language}, {width})"
    in_intake(platform, "delete from facts.sign_in_attempt")  # other journeys ask for links to these mailboxes, too
    coordinator, leaver, deputy = opened("coordinator", "iem", width=width, language=language), newcomer(), newcomer()
    give_work(coordinator, platform)

    # The focal point begins the next report; what else is open stands on the home page.
    signed_in_by_mail(leaver, FOCAL, f"{submission(MEMBER)}/report/sections/future_plans%3Fmore=one")
    typed(leaver, leaver.locator("textarea[name$='/text/lv']").last, begun)
    pressed(leaver, main(leaver).locator("button[value='return']").last)
    pressed(leaver, leaver.locator("a.nrem-header__product"))
    left = open_work(leaver)
    assert {part for part, _ in left} == {"returned", "questions", "reports", "tasks"}
    elsewhere = leaver.context.new_page()
    unused = link_asked_for(elsewhere, FOCAL, HOME)

    erase_the_focal_point(coordinator, says)
    try:
        is_out(leaver, platform)
        elsewhere.goto(unused)
        pressed(elsewhere, main(elsewhere).get_by_role("button").first)
        expect(elsewhere.locator(".govuk-error-summary")).to_contain_text(says["not_here"])
        no_barriers(elsewhere)

        before = mails_at(coordinator, FOCAL)
        assert MISSING in reminded(coordinator, DEPUTY, f"QUARTER/2026-Q2/{MEMBER}", MISSING)
        assert mails_at(coordinator, FOCAL) == before

        signed_in_by_mail(deputy, DEPUTY, HOME)
        assert open_work(deputy) == left
        no_barriers(deputy)
        answers_the_question(deputy, says)
        goes_on_with_the_draft(deputy, says, begun)
    finally:
        given = {"address": FOCAL, "language": "lv", "illustrative": True}
        office = f"/intake/api/members/{MEMBER}/contacts/focal_point"
        assert coordinator.request.put(office, data=given, headers=from_here(platform)).status == 200


def give_work(coordinator: Page, platform: Any) -> None:
    """The report that waits is returned, once, and something is asked about it."""
    at = f"/intake/api{RETURNED.removeprefix('/intake')}"
    known = coordinator.request.get(at).json()
    if known["state"] == "submitted":
        reasons = {"reasons": [{"at": "", "text": {"lv": "Pārbaudiet skaitļus", "en": "Check the figures"}}]}
        headers = {"if-match": f'"{known["revision"]}"', **from_here(platform)}
        answer = coordinator.request.post(f"{at}/versions/1/return", data=reasons, headers=headers)
        assert answer.status == 200, answer.text()
    asked = coordinator.request.post(
        f"{at}/discussion", data={"version": 1, "text": QUESTION}, headers=from_here(platform)
    )
    assert asked.status == 201, asked.text()


def open_work(page: Page) -> set[tuple[str, str]]:
    """What the home page asks for, as soon as the bus has brought it all: (part of the page, address)."""
    links = "sections => sections.flatMap(s => [...s.querySelectorAll('a')].map(a => [s, a]))"
    links += ".map(([s, a]) => [s.getAttribute('aria-labelledby'), a.getAttribute('href')])"
    deadline = time.monotonic() + 15
    expect(page).to_have_url(re.compile(HOME))
    while not all(main(page).locator(f"#{part}").count() for part in ("returned", "questions", "reports", "tasks")):
        assert time.monotonic() < deadline, main(page).inner_text()
        page.wait_for_timeout(100)
        page.reload()
    found = main(page).locator("section").evaluate_all(links)
    return {(part, href) for part, href in found if part != "later" and part != "meetings"}


def erase_the_focal_point(coordinator: Page, says: dict[str, str]) -> None:
    coordinator.goto(f"/intake/administration/members/{MEMBER}")
    expect(main(coordinator)).to_contain_text(FOCAL)
    no_barriers(coordinator)
    pressed(coordinator, main(coordinator).locator("a[href$='/contacts/focal_point']"))
    no_barriers(coordinator)
    press(coordinator, says["erase"])
    expect(main(coordinator)).not_to_contain_text(FOCAL)
    expect(main(coordinator)).to_contain_text(DEPUTY)


def is_out(leaver: Page, platform: Any) -> None:
    """Whatever is pressed on the page that was open leads to signing in, within seconds; programs are refused."""
    deadline = time.monotonic() + 5
    while leaver.url != f"{platform.url}/":
        assert time.monotonic() < deadline, f"still in: {leaver.url}"
        pressed(leaver, leaver.get_by_role("banner").locator("a[href$='/account']"))
    no_barriers(leaver)
    refused = leaver.request.get(f"/intake/api{RETURNED.removeprefix('/intake')}")
    assert refused.status == 401, refused.text()


def answers_the_question(deputy: Page, says: dict[str, str]) -> None:
    pressed(deputy, main(deputy).locator("section[aria-labelledby=questions] a").first)
    expect(main(deputy)).to_contain_text(QUESTION)
    typed(deputy, deputy.locator("textarea[name=text]"), "Jā, visu filiāļu.")
    press(deputy, says["send"])
    expect(main(deputy)).to_contain_text("Jā, visu filiāļu.")
    no_barriers(deputy)


def goes_on_with_the_draft(deputy: Page, says: dict[str, str], begun: str) -> None:
    """From home to the section, where what the focal point typed stands."""
    pressed(deputy, deputy.locator("a.nrem-header__product"))
    pressed(deputy, main(deputy).locator(f"a[href$='{submission(MEMBER, PERIOD)}']").first)
    press(deputy, says["fill"])
    no_barriers(deputy)
    pressed(deputy, main(deputy).get_by_role("link", name=says["plans"]))
    expect(deputy.locator("textarea[name$='/text/lv']").filter(has_text=begun)).to_have_count(1)
    no_barriers(deputy)
