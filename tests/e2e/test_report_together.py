"""Several people and one report, by keyboard, on a phone and wide: nothing new, files, signed."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Browser, Page, expect

from e2e.mailed import letters_to, newest_link_to, reminded
from e2e.people import (
    PERIOD,
    VIEWS,
    Open,
    from_here,
    home,
    main,
    no_barriers,
    opened,  # noqa: F401
    press,
    standing,
    submission,
    take_back,
)
from support.keyboard import file_chosen, pressed, tab_to, typed
from unit.intake.test_evidence_files import PDF

#: The focal point whose quarter has nothing new.
MAILBOX = "kontakts@em.example"
SAYS = {
    "lv": {"received": "versija ir saņemta", "nothing": "nav par ko ziņot", "awaits": "Pārskats gaida parakstu",
           "to_sign": "Izlasīt un parakstīt", "sign": "Parakstīt un iesniegt", "signed": "Parakstīja",
           "send_back": "Atdot sagatavotājam", "contribute": "Aizpildīt savas sadaļas", "add": "Pievienot problēmu",
           "challenges": "Problēmas", "go_on": "Saglabāt un turpināt", "complete": "aizpildīts",
           "nothing_button": "Nav par ko ziņot", "waiting": "Gaida jūsu parakstu"},
    "en": {"received": "was received", "nothing": "nothing to report", "awaits": "waits for its signature",
           "to_sign": "Read and sign", "sign": "Sign and submit", "signed": "Signed by",
           "send_back": "Send back", "contribute": "Fill in your sections", "add": "Add a challenge",
           "challenges": "Challenges", "go_on": "Save and continue", "complete": "complete",
           "nothing_button": "Nothing to report", "waiting": "Waiting for your signature"},
}  # fmt: skip


@VIEWS
def test_a_quarter_with_nothing_new_takes_five_steps_from_the_mail(
    opened: Open,  # noqa: F811
    browser: Browser,
    platform: Any,
    language: str,
    width: int,
) -> None:
    """Signed out: the mail's link, one's address, the link in the second mail, signing in, nothing to report."""
    coordinator = opened("coordinator", "iem")
    take_back(opened("member", "em"), "em", platform)
    link = reminded(coordinator, MAILBOX, f"QUARTER/{PERIOD}/em", submission("em"))
    signing_in = len(letters_to(coordinator, MAILBOX))
    context = browser.new_context(base_url=platform.url, viewport={"width": width, "height": 800}, locale=language)
    page, began = context.new_page(), time.monotonic()

    page.goto(link)  # 1
    expect(page).to_have_url(f"{platform.url}/")
    page.goto(f"/intake/sign-in?next={submission('em')}")  # where everybody but a demonstration leads at once
    no_barriers(page)
    typed(page, page.locator("#address"), MAILBOX)
    page.keyboard.press("Enter")  # 2
    expect(page).to_have_url(re.compile("/sign-in/sent"))
    page.goto(newest_link_to(coordinator, MAILBOX, signing_in))  # 3
    no_barriers(page)
    pressed(page, main(page).get_by_role("button"))  # 4
    expect(page).to_have_url(re.compile(re.escape(submission("em"))))
    no_barriers(page)
    pressed(page, main(page).locator("form[action$='/nothing'] button"))  # 5
    expect(page).to_have_url(re.compile("/report/receipt"))
    assert time.monotonic() - began < 60
    expect(main(page)).to_contain_text(re.compile(SAYS[language]["nothing"], re.IGNORECASE))
    no_barriers(page)
    stands = standing(page, "em")
    assert (stands["state"], stands["nothing_to_report"]) == ("submitted", True)
    context.close()


def let_the_officer_sign(coordinator: Page, member: str, platform: Any) -> None:
    known = coordinator.request.get(f"/intake/api/members/{member}").json()
    known.pop("revision", None)
    signing = coordinator.request.post(
        "/intake/api/members", data=[{**known, "sign_off": True}], headers=from_here(platform)
    )
    assert signing.status == 200, signing.text()


def hears_of_it(page: Page, text: str) -> None:
    """Somebody else's doing is on the home page as soon as the bus has brought it."""
    deadline = time.monotonic() + 15
    home(page)
    while text not in main(page).inner_text():
        assert time.monotonic() < deadline, f"{text!r} is not in {main(page).inner_text()!r}"
        page.wait_for_timeout(100)
        page.reload()


@VIEWS
def test_the_officer_is_asked_sends_back_and_signs(
    opened: Open,  # noqa: F811
    platform: Any,
    language: str,
    width: int,
) -> None:
    let_the_officer_sign(opened("coordinator", "iem"), "tsb", platform)
    says = SAYS[language]
    focal, officer = (opened(role, "tsb", width=width, language=language) for role in ("member", "officer"))
    take_back(focal, "tsb", platform)
    focal.goto(submission("tsb"))
    no_barriers(focal)
    press(focal, says["nothing_button"])
    expect(main(focal)).to_contain_text(says["awaits"])
    no_barriers(focal)

    hears_of_it(officer, says["waiting"])
    no_barriers(officer)
    pressed(officer, main(officer).locator("section[aria-labelledby=signatures] a").first)
    no_barriers(officer)
    typed(officer, officer.locator("#note"), "Pievienojiet mācības")
    press(officer, says["send_back"])
    focal.reload()
    expect(main(focal)).to_contain_text("Pievienojiet mācības")
    no_barriers(focal)

    pressed(focal, focal.locator("a.govuk-back-link"))
    press(focal, says["nothing_button"])
    expect(main(focal)).to_contain_text(says["awaits"])
    hears_of_it(officer, says["waiting"])
    pressed(officer, main(officer).locator("section[aria-labelledby=signatures] a").first)
    press(officer, says["sign"])
    expect(main(officer)).to_contain_text(says["signed"])
    no_barriers(officer)
    assert standing(focal, "tsb")["state"] == "submitted"
    home(officer)
    expect(main(officer)).not_to_contain_text(says["waiting"])


@VIEWS
def test_a_contributor_fills_one_section(opened: Open, language: str, width: int) -> None:  # noqa: F811
    says, text = SAYS[language], f"Inspektoriem trūkst tulku ({language}, {width})"
    page = opened("contributor", "vdi", sections="challenges", width=width, language=language)
    page.goto(submission("vdi"))
    no_barriers(page)
    press(page, says["contribute"])
    expect(page.locator(".govuk-task-list a")).to_have_count(1)
    no_barriers(page)
    pressed(page, main(page).get_by_role("link", name=says["challenges"]))
    press(page, says["add"])
    typed(page, page.locator("textarea[name$='/text/lv']").last, text)
    no_barriers(page)
    press(page, says["go_on"])
    expect(main(page)).to_contain_text(says["complete"])
    expect(main(page).locator("a[href$='/report/check']")).to_have_count(0)  # the focal point submits
    no_barriers(page)
    focal = opened("member", "vdi", language=language)
    focal.goto(f"{submission('vdi')}/report/sections/challenges")
    expect(focal.locator("textarea[name$='/text/lv']").last).to_have_value(text)


@VIEWS
def test_a_file_is_chosen_in_the_form_and_taken_out_again(opened: Open, language: str, width: int) -> None:  # noqa: F811
    page = opened("member", "km", width=width, language=language)
    page.goto(f"{submission('km')}/report/sections/plan_progress")
    row = "/plan_progress/0/evidence/0"
    if not page.locator(f"[id='{row}/file']").is_visible():
        tab_to(page, page.locator("summary").first)
        page.keyboard.press("Enter")
    named = {"name": "apliecinājums.exe", "mimeType": "application/pdf", "buffer": PDF}
    file_chosen(page, page.locator(f"[id='{row}/file']"), named)
    press(page, SAYS[language]["go_on"])
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator(f"[id='{row}/file-error']")).to_be_visible()
    no_barriers(page)
    file_chosen(page, page.locator(f"[id='{row}/file']"), {**named, "name": "apliecinājums.pdf"})
    press(page, SAYS[language]["go_on"])
    expect(page.get_by_role("link", name="apliecinājums.pdf")).to_be_visible()
    pressed(page, page.locator(f"button[value='remove:{row}']"))
    expect(page.get_by_role("link", name="apliecinājums.pdf")).to_have_count(0)
