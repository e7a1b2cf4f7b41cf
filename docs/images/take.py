"""Take the pictures of the documentation anew from a fresh demonstration that is running: `python docs/images/take.py`.

It plays what is shown: a report that is signed, one that is received, one that is returned. Needs the test requirements
and an installed Chromium.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

HERE = Path(__file__).parent
QUARTER = "2026-Q4"
LOCALES = {"lv": "lv-LV", "en": "en-GB"}


def report_of(member: str, quarter: str = QUARTER) -> str:
    """The page of a member's submission."""
    return f"/intake/periods/{quarter}/submissions/{member}"


#: Who looks → name of the picture → path of the page.
PAGES = {
    "coordinator": {"quarter": "/statistics/quarters/2026-Q2", "years": "/statistics/years", "queue": "/intake/queue"},
    "member": {
        "today": "/reminders/today",
        "report": f"{report_of('vp')}/report",
        "report-figures": f"{report_of('vp')}/report/sections/observations",
        "workbook": f"{report_of('vp')}/workbook",
        "correction": f"{report_of('vp', '2026-Q2')}/report/correction",
    },
}
#: Pages for the documentation in Latvian, too.
TRANSLATED = {"today", "report", "report-figures", "workbook", "correction"}


class Visitors:
    """Browsers of people in the demonstration, in one language."""

    def __init__(self, browser: Browser, url: str, language: str) -> None:
        self.language = language
        self._browser, self._url = browser, url

    def context(self, role: str | None = None, member: str | None = None) -> BrowserContext:
        """Somebody's browser; without a role nobody is signed in."""
        context = self._browser.new_context(
            base_url=self._url, viewport={"width": 1280, "height": 860}, locale=LOCALES[self.language]
        )
        if role:
            form = {"role": role} | ({"member": member} if member else {})
            context.request.post("/intake/demonstration/session", form=form)
        return context

    def take(self, context: BrowserContext, name: str, path: str) -> None:
        """A picture of a page. Raises RuntimeError where it is none."""
        page = context.new_page()
        answer = page.goto(f"{path}?lang={self.language}")
        if answer is None or not answer.ok:
            raise RuntimeError(f"{path}: {answer and answer.status}")
        self.keep(page, name)

    def keep(self, page: Page, name: str) -> None:
        """A picture of what is shown now."""
        prefix = "" if self.language == "en" else f"{self.language}-"
        page.screenshot(path=HERE / f"{prefix}{name}.png")
        page.close()

    def post(self, context: BrowserContext, path: str, data: object, revision: int | None = None) -> None:
        """A command of the API, by somebody's session. Raises RuntimeError where it is refused."""
        headers = {"origin": self._url} | ({"if-match": f'"{revision}"'} if revision else {})
        answer = context.request.post(path, data=data, headers=headers)
        if not answer.ok:
            raise RuntimeError(f"{path}: {answer.status} {answer.text()}")


def still(visitors: Visitors, language: str) -> None:
    """Pages as they are."""
    visitors.take(visitors.context(), "sign-in", "/intake/sign-in")
    for role, pictures in PAGES.items():
        context = visitors.context(role, "vp" if role == "member" else None)
        for name, path in pictures.items():
            if language == "en" or name in TRANSLATED:
                visitors.take(context, name, path)


def played(visitors: Visitors, received: str, returned: str, signed: str) -> None:
    """A receipt, a return and a signature, each of one institution."""
    coordinator = visitors.context("coordinator")
    focal = visitors.context("member", received)
    page = focal.new_page()
    page.goto(f"{report_of(received)}?lang={visitors.language}")
    page.locator("form[action$='/nothing'] button").click()
    visitors.keep(page, "receipt")

    focal = visitors.context("member", returned)
    visitors.post(focal, f"/intake/api/periods/{QUARTER}/submissions/{returned}", {"nothing_to_report": True})
    text = {"lv": "Vai ceturksnī tiešām nebija neviena pasākuma?", "en": "Was there really no activity this quarter?"}
    at = f"/intake/api/periods/{QUARTER}/submissions/{returned}/versions/1/return"
    visitors.post(coordinator, at, {"reasons": [{"at": "", "text": text}]}, 1)
    visitors.take(focal, "returned", report_of(returned))

    known = coordinator.request.get(f"/intake/api/members/{signed}").json()
    known.pop("revision", None)
    visitors.post(coordinator, "/intake/api/members", [{**known, "sign_off": True}])
    focal, officer = visitors.context("member", signed), visitors.context("officer", signed)
    page = focal.new_page()
    page.goto(report_of(signed))
    page.locator("form[action$='/nothing'] button").click()
    page.close()
    visitors.take(officer, "signing", f"{report_of(signed)}/report")


def main() -> None:
    """English and Latvian, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="where the demonstration answers")
    url = parser.parse_args().url
    chromium = os.environ.get("NREM_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        for language, institutions in {"en": ("em", "lm", "tsb"), "lv": ("km", "izm", "am")}.items():
            visitors = Visitors(browser, url, language)
            still(visitors, language)
            played(visitors, *institutions)
        browser.close()


if __name__ == "__main__":
    main()
