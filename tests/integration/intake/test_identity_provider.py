"""Signing in with OpenID Connect, against a provider in a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest

from integration.intake.signing_in import VP, Browser, House, claims, opened
from nrem_embedded.servers.ports import free_port
from support.identity_provider import IdentityProvider, identity_provider

LEAVE = "/intake/sign-in/provider?next=/intake/queue"
BACK = "http://nrem.test/intake/sign-in/provider/return"


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with identity_provider() as started:
        started.knows("anna", email="ANNA@vp.example", email_verified=True)
        started.knows("unverified", email=VP, email_verified=False)
        started.knows("nameless", email_verified=True)
        started.knows("stranger", email="stranger@elsewhere.example", email_verified=True)
        yield started


@asynccontextmanager
async def trusting(settings_for: Any, signing: Any, issuer: str, **more: Any) -> AsyncIterator[House]:
    oidc = {"oidc_issuer": issuer, "oidc_client_id": "nrem", "oidc_client_secret": "s", "oidc_name": "Our house"}
    async with opened(settings_for, signing, **{**oidc, **more}) as house:
        yield house


@pytest.fixture
async def house(settings_for, signing, provider: IdentityProvider) -> AsyncIterator[House]:
    async with trusting(settings_for, signing, provider.issuer) as made:
        yield made


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    async with house.browser() as made:
        yield made


async def returned(browser: Browser, provider: IdentityProvider, subject: str, **action: str) -> str:
    """Away to the provider and approved: the address it sends the browser back to, path and query."""
    answer = await browser.get(LEAVE)
    assert answer.status_code == 303, answer.text
    there = provider.approve(answer.headers["location"], subject, **action)
    assert there.startswith(BACK)
    return there.removeprefix("http://nrem.test")


def changed(address: str, **values: str) -> str:
    parts = urlsplit(address)
    query = {**{name: found[0] for name, found in parse_qs(parts.query).items()}, **values}
    return urlunsplit(parts._replace(query=urlencode(query)))


async def test_the_provider_brings_somebody_in(house: House, browser: Browser, provider: IdentityProvider) -> None:
    assert "Our house" in (await browser.get("/intake/sign-in")).text
    answer = await browser.get(await returned(browser, provider, "anna"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/intake/queue")
    assert (claims(house, browser).roles, claims(house, browser).member) == ({"member"}, "vp")
    assert not [row for row in await house.journal() if "anna" in row.lower()]


async def test_what_is_sent_to_the_provider_is_a_code_flow_with_pkce(house: House, browser: Browser) -> None:
    asked = parse_qs(urlsplit((await browser.get(LEAVE)).headers["location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [BACK]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["scope"] == ["openid email"]


@pytest.mark.parametrize(
    ("subject", "said"),
    [("stranger", "does not know your address"), ("unverified", "does not vouch"), ("nameless", "does not vouch")],
)
async def test_whoever_it_brings_must_be_known_and_vouched_for(
    house: House, browser: Browser, provider: IdentityProvider, subject: str, said: str
) -> None:
    answer = await browser.get(await returned(browser, provider, subject))
    assert answer.status_code == 403
    assert said in answer.text
    assert browser.token is None


async def test_the_way_back_works_once_in_the_browser_that_left(
    house: House, browser: Browser, provider: IdentityProvider
) -> None:
    back = await returned(browser, provider, "anna")
    async with house.browser() as other:
        assert (await other.get(back)).status_code == 403
        await other.get(LEAVE)  # also with a browser's secret of its own
        assert (await other.get(back)).status_code == 403
        assert other.token is None
    assert (await browser.get(changed(back, state="made-up"))).status_code == 403
    assert (await browser.get(back)).status_code == 303
    assert (await browser.get(back)).status_code == 403


async def test_somebody_elses_code_is_worth_nothing(house: House, browser: Browser, provider: IdentityProvider) -> None:
    """A code of one visit in the address of another: its nonce and its verifier are not this visit's."""
    async with house.browser() as other:
        foreign = parse_qs(urlsplit(await returned(other, provider, "anna")).query)["code"][0]
    mine = await returned(browser, provider, "anna")
    answer = await browser.get(changed(mine, code=foreign))
    assert answer.status_code == 403
    assert "not what it must be" in answer.text
    assert browser.token is None


async def test_a_provider_that_says_no_is_told_so(house: House, browser: Browser, provider: IdentityProvider) -> None:
    answer = await browser.get(await returned(browser, provider, "anna", action="deny"))
    assert answer.status_code == 403
    assert "did not let you in" in answer.text


async def test_a_provider_that_is_away_does_not_keep_the_mail_from_working(settings_for, signing) -> None:
    issuer = f"http://localhost:{free_port()}"
    async with trusting(settings_for, signing, issuer) as house, house.browser() as browser:
        answer = await browser.get(LEAVE)
        assert answer.status_code == 503
        assert "Sign in by e-mail" in answer.text
        assert (await browser.sign_in(house.post, VP)).status_code == 303


async def test_a_provider_with_new_keys_is_believed_at_once(settings_for, signing) -> None:
    port = free_port()
    async with trusting(settings_for, signing, f"http://localhost:{port}") as house:
        for _ in range(2):  # each has a key of its own
            with identity_provider(port) as provider:
                provider.knows("anna", email=VP, email_verified=True)
                async with house.browser() as browser:
                    answer = await browser.get(await returned(browser, provider, "anna"))
                    assert answer.status_code == 303, answer.text


async def test_a_coordinator_shows_a_second_factor_here_too(
    house: House, browser: Browser, provider: IdentityProvider
) -> None:
    provider.knows("boss", email="coordinator@iem.example", email_verified=True)
    await house.contact("iem", "coordinator", "coordinator@iem.example")
    answer = await browser.get(await returned(browser, provider, "boss"))
    assert answer.headers["location"] == "/intake/sign-in/second-factor"
    assert browser.token is None


async def test_without_a_provider_there_is_no_such_way(settings_for, signing) -> None:
    async with opened(settings_for, signing) as house, house.browser() as browser:
        assert "Another way" not in (await browser.get("/intake/sign-in")).text
        assert (await browser.get(LEAVE)).status_code == 404
