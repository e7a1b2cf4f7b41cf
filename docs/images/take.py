"""Take the pictures of the documentation anew from a demonstration that is running: `python docs/images/take.py`.

Needs the test requirements and an installed Chromium.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
_REPORT = "/intake/periods/2026-Q4/submissions/vp"
#: Who looks → name of the picture → path of the page, in English.
PICTURES = {
    "coordinator": {"quarter": "/statistics/quarters/2026-Q2", "years": "/statistics/years", "queue": "/intake/queue"},
    "member": {
        "today": "/reminders/today",
        "report": f"{_REPORT}/report",
        "report-figures": f"{_REPORT}/report/sections/observations",
        "workbook": f"{_REPORT}/workbook",
    },
}


def main() -> None:
    """Step into each role and take one picture a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="where the demonstration answers")
    url = parser.parse_args().url
    chromium = os.environ.get("NREM_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        for role, pictures in PICTURES.items():
            context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 860}, locale="en-GB")
            form = {"role": role, "member": "vp"} if role == "member" else {"role": role}
            context.request.post("/intake/demonstration/session", form=form)
            page = context.new_page()
            for name, path in pictures.items():
                page.goto(f"{path}?lang=en")
                page.screenshot(path=HERE / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
