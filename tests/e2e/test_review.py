"""Member and coordinator by keyboard: returned and the next version, a late correction; what is accepted together."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from e2e.people import (
    PERIOD,
    Open,
    content_of,
    from_here,
    main,
    no_barriers,
    opened,  # noqa: F401
    press,
    standing,
    submission,
    to_submission,
    views_of,
)
from support.keyboard import pressed, tab_to, ticked, typed

#: Who has nothing to report.
TOGETHER = ("marta", "vm")

SAYS = {
    "lv": {"open": "Aizpildīt pārskatu", "challenges": "Problēmas", "keep": "Saglabāt un atgriezties",
           "check": "Pārbaudīt un iesniegt", "submit": "Iesniegt pārskatu", "correct": "Iesniegt labojumu",
           "received": r"{}\. versija ir saņemta\.", "no_reason": "Atzīmētajam ierakstam nav iemesla.",
           "returned": "Iesniegums atdots", "accepted": "Iesniegtais pieņemts.",
           "unexplained": "Labojumam nav iemesla.",
           "unchosen": "Nav izvēlēts, vai 1. skaitli pieņemt vai atdot.", "in_part": "Daļa labojuma pieņemta",
           "approved": "Pieņēma"},
    "en": {"open": "Fill in the report", "challenges": "Challenges", "keep": "Save and return",
           "check": "Check and submit", "submit": "Submit the report", "correct": "Submit the correction",
           "received": r"Version {} was received\.", "no_reason": "The selected item has no reason.",
           "returned": "Returned", "accepted": "Accepted.", "unexplained": "The correction has no reason.",
           "unchosen": "Nothing is chosen for figure 1.", "in_part": "A part of the correction is accepted",
           "approved": "Approved by"},
}  # fmt: skip


def sent(page: Page, action: str) -> None:
    """Press the button of the form that posts there."""
    pressed(page, main(page).locator(f"form[action$='{action}'] button").last)


def told(page: Page, text: str) -> None:
    """The form came back and says at its top what is wrong."""
    expect(page.get_by_role("alert")).to_contain_text(text)
    no_barriers(page)


def typed_and_submitted(page: Page, text: str, says: dict[str, str], version: int) -> None:
    typed(page, page.locator("textarea[name$='/text/lv']").last, text)
    for name in ("keep", "check"):
        press(page, says[name])
        no_barriers(page)
    press(page, says["submit"])
    expect(main(page)).to_contain_text(re.compile(says["received"].format(version)))
    no_barriers(page)


@views_of("izm", "lm", "iem", "pdm")
def test_returned_and_the_next_version(opened: Open, language: str, width: int, member: str) -> None:  # noqa: F811
    says, at = SAYS[language], submission(member)
    focal, coordinator = (opened(role, member, width=width, language=language) for role in ("member", "coordinator"))
    first, question, reason = "Skolām trūkst materiālu", "Vai visām?", "Norādiet, kurām skolām"
    focal.goto(f"{at}/report/sections/challenges?more=one")
    typed_and_submitted(focal, first, says, 1)
    to_submission(focal, member)

    # The coordinator finds it in the queue, asks about the item, then returns it.
    coordinator.goto(f"/intake/queue?period={PERIOD}&state=new")
    no_barriers(coordinator)
    pressed(coordinator, main(coordinator).locator(f"a[href$='/{member}/versions/1/review']").first)
    no_barriers(coordinator)
    item = coordinator.locator("article").filter(has_text=first)
    pressed(coordinator, item.locator("a[href*='/discussion?at=']"))
    typed(coordinator, coordinator.locator("textarea[name=text]"), question)
    sent(coordinator, "/discussion")
    expect(main(coordinator)).to_contain_text(question)
    no_barriers(coordinator)
    pressed(coordinator, main(coordinator).locator("a[href$='/return']"))
    item = coordinator.locator(".nrem-entry").filter(has_text=first)
    ticked(coordinator, item.locator("input[name=item]"))
    sent(coordinator, "/return")
    told(coordinator, says["no_reason"])
    typed(coordinator, item.locator("textarea"), reason)
    sent(coordinator, "/return")
    expect(main(coordinator)).to_contain_text(says["returned"])

    # The member sees question and reason, the reason also where it is to be mended, and submits the next version.
    focal.reload()
    expect(main(focal)).to_contain_text(question)
    expect(main(focal)).to_contain_text(reason)
    no_barriers(focal)
    press(focal, says["open"])
    pressed(focal, main(focal).get_by_role("link", name=says["challenges"]))
    expect(main(focal).locator(".govuk-error-message")).to_contain_text(reason)
    no_barriers(focal)
    typed_and_submitted(focal, "Lauku skolām trūkst materiālu", says, 2)

    # What changed is shown beside the previous version; it is accepted.
    pressed(coordinator, main(coordinator).locator(".nrem-counts a[href*='state=changed']"))
    pressed(coordinator, main(coordinator).locator(f"a[href$='/{member}/versions/2/review']").first)
    changed = coordinator.locator("article.nrem-entry--changed")
    expect(changed.locator("del")).to_have_text(first)
    expect(changed.locator("ins")).to_have_text("Lauku skolām trūkst materiālu")
    expect(changed).to_contain_text(reason)
    no_barriers(coordinator)
    sent(coordinator, "/accept")
    expect(main(coordinator)).to_contain_text(says["accepted"])
    stands = standing(focal, member)
    assert (stands["state"], stands["accepted_version"]) == ("accepted", 2)


def raised(page: Page, row: Locator) -> None:
    """One more than was accepted."""
    accepted = re.search(r"\d+", row.locator("td").first.inner_text())
    assert accepted is not None
    typed(page, row.get_by_role("textbox").first, str(int(accepted[0]) + 1))


@views_of("lm", "pdm", "tm", "vp")
def test_a_late_correction_figure_by_figure(opened: Open, language: str, width: int, member: str) -> None:  # noqa: F811
    says, refusal = SAYS[language], "Žurnālā ir citādi"
    focal, coordinator = (opened(role, member, width=width, language=language) for role in ("member", "coordinator"))
    focal.goto(submission(member, "2026-Q2"))
    no_barriers(focal)
    counted = accepted_figures(focal, member)
    pressed(focal, main(focal).locator("[href$='/report/correction']"))
    rows = focal.locator("table.nrem-lines").first.locator("tbody tr")
    for place in (0, 1):
        raised(focal, rows.nth(place))
    sent(focal, "/report/correction")
    expect(focal.locator(".govuk-error-summary")).to_contain_text(says["unexplained"])
    no_barriers(focal)
    for place in (0, 1):
        typed(focal, rows.nth(place).get_by_role("textbox").last, "Precizēts pēc žurnāla")
    sent(focal, "/report/correction")
    expect(main(focal)).to_contain_text(re.compile(says["received"].format(r"\d")))
    no_barriers(focal)
    to_submission(focal, member, "2026-Q2")

    coordinator.goto("/intake/queue?period=2026-Q2&state=new")
    no_barriers(coordinator)
    pressed(coordinator, main(coordinator).locator(f"a[href*='/{member}/versions/'][href$='/review']").first)
    no_barriers(coordinator)
    pressed(coordinator, main(coordinator).locator("a[href$='/figures']"))
    sent(coordinator, "/figures")
    told(coordinator, says["unchosen"])
    ticked(coordinator, coordinator.locator("[name='choice/0']").first)
    tab_to(coordinator, coordinator.locator("[name='choice/1']").first)
    coordinator.keyboard.press("ArrowDown")
    typed(coordinator, coordinator.locator("[name='reason/1']"), refusal)
    sent(coordinator, "/figures")
    expect(main(coordinator)).to_contain_text(says["in_part"])

    focal.reload()
    expect(main(focal)).to_contain_text(says["approved"])
    expect(main(focal)).to_contain_text("Precizēts pēc žurnāla")
    pressed(focal, main(focal).locator(".govuk-inset-text a[href*='?version=']").first)
    expect(main(focal)).to_contain_text(refusal)
    no_barriers(focal)
    counts = [(one, other) for one, other in zip(counted, accepted_figures(focal, member), strict=True) if one != other]
    assert [new - old for old, new in counts] == [1], "the approved figure counts, and no other"


def accepted_figures(page: Page, member: str) -> list[Any]:
    """The figures that count."""
    version = standing(page, member, "2026-Q2")["accepted_version"]
    return [one["value"] for one in content_of(page, member, version, "2026-Q2")["observations"]]


def test_nothing_to_report_is_accepted_together(opened: Open, platform: Any) -> None:  # noqa: F811
    for member in TOGETHER:
        reporter = opened("member", member)
        said = reporter.request.post(
            f"{submission(member)}/nothing", form={"revision": "0"}, headers=from_here(platform), max_redirects=0
        )
        assert said.status == 303, said.text()
    page = opened("coordinator", "iem")
    page.goto(f"/intake/queue?period={PERIOD}&state=new")
    for box in page.get_by_role("checkbox").all():
        ticked(page, box)
    press(page, "Accept those selected")
    expect(main(page)).to_contain_text("All are accepted, or none.")
    no_barriers(page)
    press(page, "Accept")
    expect(main(page)).to_contain_text("Accepted.")
    page.goto(f"/intake/queue?period={PERIOD}&state=accepted")
    for member in TOGETHER:
        expect(page.locator(f'a[href$="/{PERIOD}/submissions/{member}"]').first).to_be_visible()


def test_a_question_waits_on_the_home_page_of_whoever_is_asked(opened: Open) -> None:  # noqa: F811
    at = f"{submission('vp', '2026-Q3')}/versions/1/discussion?at=/observations/0"
    coordinator, page = opened("coordinator", "iem"), opened("member", "vp")
    coordinator.goto(at)
    typed(coordinator, coordinator.get_by_label("Question or answer"), "Are those of September in it?")
    press(coordinator, "Send")
    page.goto("/reminders/today")
    waiting = page.get_by_role("region", name=re.compile("^Questions without an answer"))
    expect(waiting).to_contain_text("Waits for an answer")
    assert "September" not in page.content()
    no_barriers(page)
    pressed(page, waiting.get_by_role("link"))
    typed(page, page.get_by_label("Question or answer"), "Yes, all of them.")
    press(page, "Send")
    page.goto("/reminders/today")
    expect(page.get_by_role("region", name=re.compile("^Questions without an answer"))).to_have_count(0)
