"""Whoever is signed in: as whom, for how long, in which browsers; and nobody posts in their name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from integration.intake.signing_in import OTHER, VP, Browser, House, browser, claims, house

__all__ = ["browser", "house"]


async def test_somebody_who_is_several_people_chooses_and_switches_later(house: House, browser: Browser) -> None:
    await house.contact("vp", "authorised_officer", VP)
    await house.contact("lm", "deputy", VP)
    entered = await browser.sign_in(house.post, VP)
    assert entered.headers["location"] == "/intake/sign-in/role"
    assert browser.token is None  # nothing before the choice
    assert (await browser.get("/intake/session/renew?next=/intake/")).headers["location"] == "/intake/sign-in/role"
    page = await browser.get("/intake/sign-in/role")
    assert page.text.count('name="standing"') == 3
    assert (await browser.post("/intake/sign-in/role", standing="contact:made-up")).status_code == 422
    options = [part.split('"')[0] for part in page.text.split('value="contact:')[1:]]
    seen = set()
    cookies = {browser.cookie("nrem_session")}
    for option in options:
        answer = await browser.post("/intake/sign-in/role", standing=f"contact:{option}")
        assert answer.status_code == 303
        who = claims(house, browser)
        seen.add((*who.roles, who.member))
        cookies.add(browser.cookie("nrem_session"))
    assert seen == {("member", "vp"), ("officer", "vp"), ("member", "lm")}
    assert len(cookies) == 4  # a new session each time
    rows = await house.service.runtime.pool.fetch("select id from facts.session")
    assert len(rows) == 1


async def test_an_officer_reads_and_does_not_report(house: House, browser: Browser) -> None:
    await house.contact("vp", "authorised_officer", "chief@vp.example")
    await browser.sign_in(house.post, "chief@vp.example")
    assert claims(house, browser).roles == {"officer"}
    assert (await browser.get("/intake/")).status_code == 200
    assert (await browser.get("/intake/queue")).status_code == 403


async def test_a_new_sign_in_ends_what_the_browser_was_before(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    before = claims(house, browser).session
    await browser.sign_in(house.post, VP)
    assert claims(house, browser).session != before
    assert any(f"session/{before}" in row and "revoked" in row for row in await house.journal())


async def test_a_browser_without_use_and_a_long_day_end_a_session(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    for column, ago in (("used_at", timedelta(minutes=31)), ("ends_at", timedelta(seconds=1))):
        await house.service.runtime.pool.execute(f"update facts.session set {column} = $1", datetime.now(UTC) - ago)
        answer = await browser.get("/intake/session/renew?next=/intake/")
        assert answer.headers["location"].startswith("/intake/sign-in"), column
        await browser.sign_in(house.post, VP)


async def test_one_sees_ones_sessions_and_ends_another_or_all(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    chrome = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140.0 Mobile Safari/537.36"
    async with house.browser(chrome) as phone:
        await phone.sign_in(house.post, VP)
        page = (await browser.get("/intake/account")).text
        assert "Firefox, Windows" in page
        assert "Chrome, Android" in page
        other = claims(house, phone).session
        assert (await browser.post(f"/intake/account/sessions/{other}/end")).status_code == 303
        renewed = await phone.get("/intake/session/renew?next=/intake/")
        assert renewed.headers["location"].startswith("/intake/sign-in")
        await phone.sign_in(house.post, VP)
        assert (await browser.post("/intake/account/sessions/end")).headers["location"] == "/intake/sign-in"
        assert browser.token is None
        assert await house.service.runtime.pool.fetchval("select count(*) from facts.session") == 0
        assert sum("nrem.access.revoked.v1" in row for row in await house.journal()) == 3


async def test_nobody_ends_somebody_elses_session(house: House, browser: Browser) -> None:
    await house.contact("iem", "secretariat", "s@iem.example")
    await browser.sign_in(house.post, VP)
    async with house.browser() as other:
        await other.sign_in(house.post, "s@iem.example")
        mine = claims(house, browser).session
        await other.post(f"/intake/account/sessions/{mine}/end")
        assert (await browser.get("/intake/session/renew?next=/intake/")).status_code == 307


async def test_when_an_office_changes_hands_the_one_before_is_out(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    session = claims(house, browser).session
    await house.contact("vp", "focal_point", "ANNA@vp.example")  # the same person, written otherwise
    assert (await browser.get("/intake/session/renew?next=/intake/")).status_code == 307
    await house.contact("vp", "focal_point", "next@vp.example")
    assert any(f"session/{session}" in row and "revoked" in row for row in await house.journal())
    renewed = await browser.get("/intake/session/renew?next=/intake/")
    assert renewed.headers["location"].startswith("/intake/sign-in")
    await browser.ask(VP)
    await browser.ask("next@vp.example")
    await house.post.link("next@vp.example")
    assert [to for to, _ in house.post.taken].count(VP) == 1


FROM_ELSEWHERE = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Referer": "https://evil.example/"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
async def test_no_other_site_posts_in_ones_name(house: House, browser: Browser, headers: dict[str, str]) -> None:
    await browser.sign_in(house.post, VP)
    session = claims(house, browser).session
    posts = ("/intake/session/end", "/intake/account/sessions/end", f"/intake/account/sessions/{session}/end",
             "/intake/sign-in/role", "/intake/sign-in/link", "/intake/sign-in", "/intake/people")  # fmt: skip
    for path in posts:
        assert (await browser.http.post(path, data={"address": OTHER}, headers=headers)).status_code == 403, path
    browser.http.cookies.delete("nrem_token")  # the session's cookie alone
    for path in posts:
        assert (await browser.http.post(path, headers=headers)).status_code == 403, path
    assert (await browser.get("/intake/session/renew?next=/intake/")).status_code == 307
