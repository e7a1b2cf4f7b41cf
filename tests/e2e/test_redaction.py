"""A file is sent and removed; a text is taken out of a report, and is gone from the minutes too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.barriers import barriers
from unit.intake.test_evidence_files import PDF

pytestmark = pytest.mark.timeout(300)

TEXT = "Konsulu gadskārtējās mācības"

SignIn = Callable[..., Page]


@pytest.fixture
def signed_in(browser: Browser, platform: Any) -> Iterator[SignIn]:
    """A page of a browser signed in by the demonstration's one click."""
    opened: list[BrowserContext] = []

    def sign_in(**role: str) -> Page:
        context = browser.new_context(base_url=platform.url, locale="lv-LV", viewport={"width": 320, "height": 900})
        opened.append(context)
        answer = context.request.post("/intake/demonstration/session", form=role, max_redirects=0)
        assert answer.status == 303
        return context.new_page()

    yield sign_in
    for context in opened:
        context.close()


def test_a_file_is_sent_by_the_member_and_removed_by_the_coordinator(signed_in: SignIn, tmp_path: Path) -> None:
    page = signed_in(role="member", member="vp")
    page.goto("/intake/periods/2026-Q4/submissions/vp/evidence?lang=lv")
    expect(page.get_by_text("Failu vēl nav")).to_be_visible()
    file = tmp_path / "Mācību apraksts.pdf"
    file.write_bytes(PDF)
    page.get_by_label("Fails", exact=True).set_input_files(file)
    page.get_by_role("button", name="Nosūtīt", exact=True).press("Enter")
    expect(page.get_by_role("link", name="Mācību apraksts.pdf")).to_be_visible()
    assert barriers(page) == []
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Mācību apraksts.pdf").click()
    assert downloading.value.suggested_filename == "Mācību apraksts.pdf"
    assert Path(downloading.value.path()).read_bytes() == PDF

    bad = tmp_path / "161175-19997.pdf"
    bad.write_bytes(b"<html><script>1</script></html>")
    page.get_by_label("Fails", exact=True).set_input_files(bad)
    page.get_by_role("button", name="Nosūtīt", exact=True).click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("personas kods")
    expect(summary).to_contain_text("tīmekļa lapa")
    assert barriers(page) == []

    ministry = signed_in(role="coordinator")
    ministry.goto("/intake/periods/2026-Q4/submissions/vp/evidence?lang=en")
    ministry.get_by_label("Reason", exact=True).fill("It shows a person")
    ministry.get_by_role("button", name="Remove for ever").click()
    expect(ministry.get_by_text("removed on")).to_be_visible()
    assert barriers(ministry) == []


def test_a_text_is_taken_out_of_a_report_and_of_the_minutes(signed_in: SignIn) -> None:
    page = signed_in(role="coordinator")
    page.goto("/plan/meetings/M-2026-Q1/minutes?lang=lv")
    expect(page.get_by_text(TEXT).first).to_be_visible()
    page.goto("/intake/periods/2026-Q1/submissions/am?lang=lv")
    page.get_by_role("link", name="Dzēst tekstus ar personas datiem").press("Enter")
    page.get_by_label(TEXT).first.check()
    assert barriers(page) == []
    page.get_by_label("Iemesls", exact=True).fill("Nosaukta persona")
    page.get_by_role("button", name="Turpināt").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Apstipriniet dzēšanu")
    expect(page.get_by_text("1 ieraksta saturs un sāls tiek dzēsti")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Dzēst uz visiem laikiem").press("Enter")
    expect(page.get_by_text("[dzēsts]").first).to_be_visible()
    expect(page.get_by_text(TEXT)).to_have_count(0)
    gone_from(page, "/plan/meetings/M-2026-Q1/minutes")


def gone_from(page: Page, address: str) -> None:
    """plan-tracker follows what intake says, a moment later."""
    for _ in range(40):
        page.goto(f"{address}?lang=lv")
        if page.get_by_text(TEXT).count() == 0:
            break
        page.wait_for_timeout(250)
    expect(page.get_by_text(TEXT)).to_have_count(0)
    expect(page.get_by_text("[dzēsts]").first).to_be_visible()
