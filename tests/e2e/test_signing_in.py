"""Signing in, in a browser and by keyboard: with a mailed link, and with an identity provider and a second device."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.mailed import SECONDS, letters_to, newest_link_to
from e2e.people import VIEWS, main, no_barriers
from nrem_embedded.platform.state import StateFolder
from nrem_embedded.servers.ports import free_port
from support.identity_provider import IdentityProvider, identity_provider
from support.keyboard import pressed, tab_to, ticked, typed
from support.platforms import in_intake

pytestmark = pytest.mark.timeout(600)

#: A focal point of the demonstration, and what its institution is called in the header.
ADDRESS = "kontakts@km.example"
COORDINATOR = "koordinators@iem.example"


@pytest.fixture
def page(browser: Browser, platform: Any, language: str, width: int) -> Iterator[Page]:
    context = browser.new_context(base_url=platform.url, locale=language, viewport={"width": width, "height": 900})
    yield context.new_page()
    context.close()


@VIEWS
def test_a_mailed_link_signs_in_and_signing_out_everywhere_ends_it(page: Page, platform: Any, language: str) -> None:
    in_intake(platform, "delete from facts.sign_in_attempt")  # other journeys ask for links to this mailbox, too
    before = len(letters_to(page, ADDRESS))
    page.goto(f"/intake/sign-in?lang={language}&next=/intake/account")
    no_barriers(page)
    tab_to(page, page.locator("#address"))
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    no_barriers(page)
    typed(page, page.locator("#address"), ADDRESS)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/intake/sign-in/sent"))
    no_barriers(page)

    link = newest_link_to(page, ADDRESS, before)
    page.goto(link)
    no_barriers(page)
    expect(page.get_by_role("main")).to_contain_text(ADDRESS)
    pressed(page, main(page).get_by_role("button"))
    in_the_first_role(page)
    expect(page).to_have_url(re.compile("/intake/account"))
    expect(page.get_by_role("main")).to_contain_text(ADDRESS)
    no_barriers(page)

    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        {"lv": "Saite jau izmantota", "en": "The link was used before"}[language]
    )
    page.goto("/intake/account")
    pressed(page, page.get_by_role("button", name={"lv": "Izrakstīties visur", "en": "Sign out everywhere"}[language]))
    expect(page).to_have_url(re.compile("/intake/sign-in"))
    page.goto("/plan/meetings")
    expect(page).not_to_have_url(re.compile("/plan/meetings"))


def in_the_first_role(page: Page) -> None:
    """Whoever has several roles chooses one."""
    if "/sign-in/role" in page.url:
        no_barriers(page)
        ticked(page, page.get_by_role("radio").first)
        pressed(page, main(page).get_by_role("button"))


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with identity_provider() as started:
        started.knows("boss", email=COORDINATOR, email_verified=True)
        yield started


@pytest.fixture(scope="module")
def intake(platform: Any, provider: IdentityProvider) -> Iterator[str]:
    """Intake outside the demonstration, on the demonstration's database, with the provider: its address."""
    port = free_port()
    with _alone(platform, provider, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _alone(platform: Any, provider: IdentityProvider, port: int) -> Iterator[None]:
    state = StateFolder(platform.state)
    installation = state.installation()
    values = {
        "DATABASE_URL": installation.databases["intake"].app,
        "KAFKA_BOOTSTRAP": installation.kafka,
        "TOPIC_PREFIX": installation.topic_prefix,
        "SIGNING_KEY_FILE": state.signing_key(),
        "KEY_PEPPER": state.secret("key-pepper"),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECURE_COOKIES": "false",
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": "nrem",
        "OIDC_CLIENT_SECRET": "secret",
        "OIDC_NAME": "Latvija.example",
    }
    environment = {**os.environ, **{f"NREM_{name}": str(value) for name, value in values.items()}}
    script = str(Path(__file__).with_name("intake_alone.py"))
    process = subprocess.Popen([sys.executable, script, str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        _await(f"http://127.0.0.1:{port}/intake/health/live", process)
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            assert process.poll() is None, "intake ended"
            assert time.monotonic() < deadline, "intake does not answer"
            time.sleep(0.05)


@VIEWS
def test_a_coordinator_comes_by_the_provider_and_shows_a_device(
    browser: Browser, platform: Any, intake: str, language: str, width: int
) -> None:
    in_intake(platform, "delete from facts.second_factor")  # each view sets a device up of its own
    context = browser.new_context(base_url=intake, locale=language, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"/intake/sign-in?lang={language}&next=/intake/account")
    no_barriers(page)
    pressed(page, page.get_by_role("button", name=re.compile("Latvija.example")))
    typed(page, page.locator('input[name="sub"]'), "boss")
    pressed(page, page.get_by_role("button", name="Authorize", exact=True))
    in_the_first_role(page)
    expect(page).to_have_url(re.compile("/sign-in/second-factor"))
    no_barriers(page)
    secret = page.locator("main code").inner_text().replace(" ", "")
    typed(page, page.locator("#code"), pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.locator("main ol li")).to_have_count(10)
    no_barriers(page)
    pressed(page, main(page).locator("a.govuk-button"))
    expect(page).to_have_url(re.compile("/intake/account"))
    expect(page.get_by_role("main")).to_contain_text(COORDINATOR)
    no_barriers(page)
    context.close()
