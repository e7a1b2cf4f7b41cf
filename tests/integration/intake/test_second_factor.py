"""A second factor: asked of coordinators, set up with a device, used once per code, and not guessed."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pyotp

from integration.intake.signing_in import VP, Browser, House, browser, claims, house, opened
from support.eventually import eventually

__all__ = ["browser", "house"]

BOSS = "coordinator@iem.example"
PLACE = "/intake/sign-in/second-factor"


async def code(secret: str, steps: int = 0) -> str:
    """The code of now, or of a step beside it; not at the end of a step: on its way it would become an older one."""
    await eventually(lambda: time.time() % 30 < 22, every=0.2)
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


async def secret_shown(browser: Browser) -> str:
    page = (await browser.get(PLACE)).text
    assert "<svg" in page
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found, page
    return found[1].replace(" ", "")


async def set_up(house: House, browser: Browser) -> tuple[str, list[str]]:
    """A coordinator's first sign-in: (secret, recovery codes)."""
    await house.contact("iem", "coordinator", BOSS)
    entered = await browser.sign_in(house.post, BOSS)
    assert entered.headers["location"] == PLACE
    secret = await secret_shown(browser)
    page = await browser.post(PLACE, code=await code(secret, -1))
    assert page.status_code == 200, page.text
    assert page.headers["cache-control"] == "no-store"
    return secret, re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", page.text)


async def test_a_coordinator_is_in_only_with_a_device(house: House, browser: Browser) -> None:
    await house.contact("iem", "coordinator", BOSS)
    await browser.sign_in(house.post, BOSS)
    assert browser.token is None
    for path in ("/intake/queue", "/intake/account"):
        assert (await browser.get(path)).status_code == 307
    assert (await browser.get("/intake/session/renew?next=/intake/queue")).headers["location"] == PLACE
    half = browser.cookie("nrem_session")
    secret = await secret_shown(browser)
    assert await secret_shown(browser) == secret  # the same until it is confirmed
    assert (await browser.post(PLACE, code="")).status_code == 422
    assert (await browser.post(PLACE, code="000000")).status_code == 422
    codes = re.findall(r"<code>[a-z2-9-]{14}</code>", (await browser.post(PLACE, code=await code(secret))).text)
    assert len(codes) == 10
    assert claims(house, browser).roles == {"coordinator"}
    assert browser.cookie("nrem_session") != half
    assert await house.service.runtime.pool.fetchval("select count(*) from facts.session") == 1


async def test_a_code_signs_in_once(house: House, browser: Browser) -> None:
    secret, _ = await set_up(house, browser)
    async with house.browser() as other:
        assert (await other.sign_in(house.post, BOSS)).headers["location"] == PLACE
        assert "<svg" not in (await other.get(PLACE)).text  # the secret is shown to nobody again
        assert (await other.post(PLACE, code=await code(secret, -1))).status_code == 422  # used by the set-up
        now = await code(secret)
        assert (await other.post(PLACE, code=f"{now[:3]} {now[3:]}")).status_code == 303
        assert claims(house, other).roles == {"coordinator"}
        async with house.browser() as thief:
            await thief.sign_in(house.post, BOSS)
            assert (await thief.post(PLACE, code=now)).status_code == 422
            assert thief.token is None


async def test_each_recovery_code_signs_in_once(house: House, browser: Browser) -> None:
    _, codes = await set_up(house, browser)
    assert len(codes) == 10
    for attempt, expected in ((codes[0].upper(), 303), (codes[0], 422), (codes[1].replace("-", " "), 303)):
        async with house.browser() as other:
            await other.sign_in(house.post, BOSS)
            assert (await other.post(PLACE, code=attempt)).status_code == expected, attempt
    assert "8 recovery codes are left" in (await browser.get("/intake/account")).text
    renewed = await browser.post("/intake/account/recovery-codes")
    assert len(re.findall(r"<code>[a-z2-9-]{14}</code>", renewed.text)) == 10
    async with house.browser() as other:
        await other.sign_in(house.post, BOSS)
        assert (await other.post(PLACE, code=codes[2])).status_code == 422


async def test_codes_are_not_guessed(house: House, browser: Browser) -> None:
    secret, _ = await set_up(house, browser)
    await house.service.runtime.pool.execute("delete from facts.sign_in_attempt")
    async with house.browser() as other:
        await other.sign_in(house.post, BOSS)
        answers = [(await other.post(PLACE, code=f"{n:06d}")).status_code for n in range(9)]
        assert answers == [422] * 8 + [429]
        right = await code(secret)
        assert (await other.post(PLACE, code=right)).status_code == 429  # does not help either
        assert other.token is None


async def test_nothing_of_it_can_be_read_from_the_database(house: House, browser: Browser) -> None:
    secret, codes = await set_up(house, browser)
    for table in ("second_factor", "recovery_code", "session", "journal_payload"):
        rows = await house.service.runtime.pool.fetch(f"select t::text as row from facts.{table} t")
        for told in (secret, secret.encode().hex(), *codes, codes[0].encode().hex()):
            assert not [row for row in rows if told in row["row"]], table
    kept = await house.service.runtime.pool.fetch("select t::text as row from facts.second_factor t")
    assert not [row for row in kept if BOSS in row["row"]]


async def test_anybody_may_set_a_device_up_and_is_asked_for_it_then(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    secret = await secret_shown(browser)
    assert (await browser.post(PLACE, code=await code(secret, -1))).status_code == 200
    assert claims(house, browser).member == "vp"
    async with house.browser() as other:
        assert (await other.sign_in(house.post, VP)).headers["location"] == PLACE
        assert other.token is None
        assert (await other.post(PLACE, code=await code(secret))).status_code == 303


async def test_whoever_becomes_coordinator_later_shows_the_code_then(house: House, browser: Browser) -> None:
    await house.contact("vp", "focal_point", BOSS)
    await house.contact("iem", "coordinator", BOSS)
    await browser.sign_in(house.post, BOSS)
    page = (await browser.get("/intake/sign-in/role")).text
    options = re.findall(r'value="(contact:[^"]+)"', page)
    coordinator, member = options
    await browser.post("/intake/sign-in/role", standing=member)
    assert claims(house, browser).roles == {"member"}
    answer = await browser.post("/intake/sign-in/role", standing=coordinator)
    assert answer.headers["location"] == PLACE
    assert browser.token is None


async def test_an_operator_takes_a_lost_device_away(house: House, browser: Browser) -> None:
    await set_up(house, browser)
    path = "/intake/api/members/iem/contacts/coordinator/second-factor"
    operator = house.signing.bearer("operator", member="iem")
    assert (await house.service.client.delete(path, headers=house.coordinator())).status_code == 403
    assert (await house.service.client.delete(path, headers=operator)).status_code == 204
    assert (await house.service.client.delete(path, headers=operator)).status_code == 404
    async with house.browser() as other:
        await other.sign_in(house.post, BOSS)
        assert await secret_shown(other)


async def test_without_a_session_there_is_nothing_to_show_a_code_for(house: House, browser: Browser) -> None:
    for answer in (await browser.get(PLACE), await browser.post(PLACE, code="123456")):
        assert (answer.status_code, answer.headers["location"]) == (303, "/intake/sign-in")


async def test_a_setting_asks_everywhere_or_nowhere(settings_for, signing) -> None:
    async with opened(settings_for, signing, second_factor=False) as house, house.browser() as browser:
        await house.contact("iem", "coordinator", BOSS)
        await browser.sign_in(house.post, BOSS)
        assert claims(house, browser).roles == {"coordinator"}


async def test_an_operator_signs_in_with_a_device_and_takes_a_lost_one_away(house: House, browser: Browser) -> None:
    await set_up(house, browser)
    assert (await browser.get("/intake/second-factors")).status_code == 403  # not the coordinator's
    await house.contact("iem", "operator", "uzturetajs@iem.example")
    async with house.browser() as other:
        assert (await other.sign_in(house.post, "uzturetajs@iem.example")).headers["location"] == PLACE
        assert other.token is None
        secret = await secret_shown(other)
        assert (await other.post(PLACE, code=await code(secret, -1))).status_code == 200
        assert (claims(house, other).roles, claims(house, other).member) == ({"operator"}, "iem")
        assert "/intake/second-factors" in (await other.get("/intake/operations")).text
        shown = (await other.get("/intake/second-factors")).text
        assert "national coordinator" in shown
        assert BOSS not in shown
        taken = await other.post("/intake/second-factors/iem/coordinator")
        assert taken.headers["location"] == "/intake/second-factors?done=taken", taken.text
        assert "national coordinator" not in (await other.get("/intake/second-factors?done=taken")).text
        assert (await other.post("/intake/second-factors/iem/coordinator")).status_code == 404
    async with house.browser() as again:
        await again.sign_in(house.post, BOSS)
        assert "<svg" in (await again.get(PLACE)).text  # sets another up
