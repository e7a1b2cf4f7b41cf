"""A meeting in a browser: called, held, minuted, amended, approved; its open task stands on the next agenda."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.looking import looked_at

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def people(browser: Browser, empty_platform: Any) -> Iterator[dict[str, Page]]:
    """The coordinator, and two members; each in a window of its own, without JavaScript. `looking`: where axe runs."""
    contexts: dict[str, BrowserContext] = {}
    for name in ("coordinator", "looking", "lm", "vp"):
        scripts = name == "looking"
        context = browser.new_context(base_url=empty_platform.url, locale="en-GB", java_script_enabled=scripts)
        ours = name in ("coordinator", "looking")
        form = {"role": "coordinator"} if ours else {"role": "member", "member": name}
        assert context.request.post("/intake/demonstration/session", form=form, max_redirects=0).status == 303
        contexts[name] = context
    opened = {name: context.new_page() for name, context in contexts.items()}
    for page in opened.values():
        page.goto("/plan/meetings?lang=en")
    yield opened
    for context in contexts.values():
        context.close()


def until(platform: Any, instant: str) -> None:
    moved = platform.nrem("clock", "advance", "--to", instant)
    assert moved.returncode == 0, moved.stdout + moved.stderr


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def call(page: Page, about: str, day: str) -> None:
    page.goto("/plan/meetings/new")
    page.get_by_label("About the quarter").select_option(about)
    page.get_by_label("Day", exact=True).fill(day)
    page.get_by_label("Place in Latvian").fill("Iekšlietu ministrija")
    press(page, "Call the meeting")


def amend(page: Page, text: str) -> None:
    page.goto("/plan/meetings/M-2026-Q1/minutes")
    page.get_by_role("button", name="Propose an amendment").click()
    page.get_by_label("The amendment in Latvian").fill(text)
    press(page, "Propose an amendment")
    expect(page.get_by_role("main")).to_contain_text(text)


def decide(page: Page, number: int, outcome: str) -> None:
    page.goto("/plan/meetings/M-2026-Q1/minutes")
    page.get_by_role("link", name=re.compile("^Decide on")).first.click()
    page.get_by_label(outcome, exact=True).check()
    page.get_by_label("Reason in Latvian").fill(f"Pamatojums {number}")
    press(page, "Record the decision")
    expect(page.get_by_role("main")).to_contain_text(f"{outcome}: Pamatojums {number}")


def test_a_meeting_from_its_call_to_the_next_agenda(people: dict[str, Page], empty_platform: Any) -> None:
    coordinator = people["coordinator"]
    until(empty_platform, "2026-04-20")

    # A meeting in the past is refused at its field, and nothing is called.
    call(coordinator, "2026-Q1", "2026-04-01")
    expect(coordinator.get_by_role("alert")).to_be_visible()
    coordinator.goto("/plan/meetings")
    expect(coordinator.get_by_role("main")).to_contain_text("There are no meetings yet")

    call(coordinator, "2026-Q1", "2026-05-13")
    expect(coordinator.get_by_role("main")).to_contain_text("scheduled")

    # The invitation reaches a member, and its link leads to the meeting.
    until(empty_platform, "2026-04-21")
    member = people["vp"]
    member.goto("/reminders/mailboxes/kontakts@vp.example")
    member.get_by_role("main").get_by_role("link", name=re.compile("M-2026-Q1|[Ss]anāksm|[Mm]eeting")).first.click()
    member.frame_locator("iframe").get_by_role("link").first.click()
    expect(member.get_by_role("heading", level=1)).to_contain_text("M-2026-Q1")

    # Held: attendance, a decision with a task, the minutes go out.
    until(empty_platform, "2026-05-13T12:00")
    for form in ("move", "cancel", "hold"):
        looked_at(people["looking"], f"/plan/meetings/M-2026-Q1/{form}", "lv", 320, 1280)
    coordinator.goto("/plan/meetings/M-2026-Q1/hold")
    press(coordinator, "Record attendance")
    looked_at(people["looking"], "/plan/meetings/M-2026-Q1/decisions", "en", 1280, 320)
    coordinator.goto("/plan/meetings/M-2026-Q1/decisions")
    coordinator.get_by_label("The decision in Latvian").fill("Pētījumu nosūta visiem")
    coordinator.get_by_label("Gives a task to").select_option("lm")
    coordinator.get_by_label("Due date", exact=True).fill("2026-06-30")
    coordinator.get_by_label("The task in Latvian").fill("Nosūtīt pētījumu")
    press(coordinator, "Record a decision")
    expect(coordinator.get_by_role("main")).to_contain_text("Nosūtīt pētījumu")
    press(coordinator, "Circulate the draft minutes")

    # Two members propose amendments; one is accepted, one rejected, both with a reason.
    amend(people["lm"], "Precizēt: pakalpojumā 28 personas")
    amend(people["vp"], "Papildināt ar salīdzinājumu")
    decide(coordinator, 1, "accepted")
    decide(coordinator, 2, "rejected")

    until(empty_platform, "2026-05-28")
    coordinator.goto("/plan/meetings/M-2026-Q1")
    press(coordinator, "Approve the minutes")
    coordinator.goto("/plan/meetings/M-2026-Q1/minutes")
    expect(coordinator.get_by_role("main")).to_contain_text(re.compile("[0-9a-f]{64}"))

    # After the approval nobody can amend.
    people["vp"].goto("/plan/meetings/M-2026-Q1/minutes")
    expect(people["vp"].get_by_role("button", name="Propose an amendment")).to_have_count(0)

    # The task is overdue by then: it stands on the next agenda.
    until(empty_platform, "2026-07-20")
    call(coordinator, "2026-Q2", "2026-08-12")
    expect(coordinator.get_by_role("main")).to_contain_text("T-2026-01")
