"""What arrives in the demonstration's mailboxes, and signing in by it."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from e2e.people import main
from support.keyboard import pressed, typed

SECONDS = 60


def letters_to(page: Page, address: str) -> list[str]:
    """Addresses of the mails of signing in that arrived at a mailbox, the newest first."""
    page.goto(f"/reminders/mailboxes/{address}")
    found = page.get_by_role("link", name=re.compile("Saite, ar ko pieslēgties|The link that signs you in"))
    return [str(one.get_attribute("href")) for one in found.all()]


def newest_link_to(page: Page, address: str, before: int) -> str:
    """The link in a mail of signing in that arrives within seconds; there were `before`."""
    deadline = time.monotonic() + SECONDS
    while len(found := letters_to(page, address)) == before:
        assert time.monotonic() < deadline, "no mail arrived"
    page.goto(f"{found[0]}/html")
    return str(page.get_by_role("link").first.get_attribute("href"))


def link_asked_for(page: Page, address: str, to: str) -> str:
    """Ask for a link by keyboard; the one in the mail that arrives. It leads `to` when it is used in this browser."""
    before = len(letters_to(page, address))
    page.goto(f"/intake/sign-in?next={to}")
    typed(page, page.locator("#address"), address)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sign-in/sent"))
    return newest_link_to(page, address, before)


def signed_in_by_mail(page: Page, address: str, to: str) -> None:
    """Ask for a link, open it, press its button."""
    page.goto(link_asked_for(page, address, to))
    pressed(page, main(page).get_by_role("button").first)


def mails_at(page: Page, mailbox: str) -> int:
    """How many mails of whatever kind lie there."""
    page.goto(f"/reminders/mailboxes/{mailbox}")
    return main(page).locator("a[href*='/mailboxes/']").count()


def reminded(coordinator: Page, mailbox: str, key: str, to: str) -> str:
    """The coordinator reminds of an obligation now; the link `to` a page in the mail that arrives at the mailbox."""
    before = mails_at(coordinator, mailbox)
    deadline = time.monotonic() + 30
    coordinator.goto(f"/reminders/obligation?key={key}&lang=en")
    while not (send := coordinator.get_by_role("button", name="Send the reminder")).is_visible():
        assert time.monotonic() < deadline, f"{key} is not owed"
        coordinator.wait_for_timeout(100)
        coordinator.reload()
    send.click()
    expect(main(coordinator)).to_contain_text("The reminder is on its way.")
    while mails_at(coordinator, mailbox) == before:
        assert time.monotonic() < deadline, "no mail arrived"
        coordinator.wait_for_timeout(100)
    newest = main(coordinator).locator("a[href*='/mailboxes/']").first
    coordinator.goto(f"{newest.get_attribute('href')}/html")
    return str(coordinator.locator(f"a[href*='{to}']").first.get_attribute("href"))
