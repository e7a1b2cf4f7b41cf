"""Signing in by a mailed link: once, in time, in the browser that asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from integration.intake.signing_in import OTHER, VP, Browser, House, browser, claims, house, listening, opened
from nrem_embedded.servers.ports import free_port
from support.eventually import eventually, stays

__all__ = ["browser", "house"]


async def test_a_link_signs_in_and_sends_back_where_one_wanted_to_go(house: House, browser: Browser) -> None:
    turned_away = await browser.get("/intake/queue")
    assert turned_away.status_code == 307
    renewed = await browser.get(turned_away.headers["location"])
    assert renewed.headers["location"] == "/intake/sign-in?next=%2Fintake%2Fqueue"
    assert (await browser.get(renewed.headers["location"])).status_code == 200
    answer = await browser.ask(VP, next="/intake/queue")
    assert (answer.status_code, answer.headers["location"]) == (303, "/intake/sign-in/sent")
    assert browser.token is None
    entered = await browser.press(await house.post.link(VP))
    assert (entered.status_code, entered.headers["location"]) == (303, "/intake/queue")
    who = claims(house, browser)
    assert (who.roles, who.member, who.display, who.language) == ({"member"}, "vp", "VP", "en")
    assert who.office == "focal_point"
    assert "focal point" in (await browser.get("/intake/account?lang=en")).text
    assert who.subject.startswith("contact:")
    assert (await browser.get("/intake/account")).status_code == 200


async def test_the_mail_is_for_people_and_for_programs(house: House, browser: Browser) -> None:
    await house.contact("vp", "deputy", "b@vp.example", "lv")
    await browser.ask("B@VP.example")
    link = await house.post.link("B@VP.example")
    _, message = house.post.taken[0]
    assert message["Subject"] == "Saite, ar ko pieslēgties"
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "lv")
    assert message["Reply-To"] == "koordinators@iem.example"
    html = message.get_body(("html",)).get_content()
    assert f'href="http://nrem.test{link}"' in html
    assert "15 minūšu" in html


async def test_the_answer_is_the_same_for_an_address_that_nobody_knows(house: House, browser: Browser) -> None:
    answers = [await browser.ask(address) for address in (VP, "nobody@vp.example", OTHER)]
    assert {(one.status_code, one.headers["location"], one.text) for one in answers} == {
        (303, "/intake/sign-in/sent", "")
    }
    await house.post.link(VP)

    async def only_one() -> bool:
        return [to for to, _ in house.post.taken] == [VP]

    await stays(only_one, seconds=0.5)


async def test_opening_a_link_uses_nothing_up_and_pressing_does_once(house: House, browser: Browser) -> None:
    await browser.ask(VP)
    link = await house.post.link(VP)
    for _ in range(3):  # a program that looks into mails
        assert "You are signing in as anna@vp.example" in (await browser.get(link)).text
    assert (await browser.press(link)).status_code == 303
    key = parse_qs(urlsplit(link).query)["key"][0]
    again = await browser.post("/intake/sign-in/link", key=key)
    assert again.status_code == 403
    assert "The link was used before" in again.text


async def test_a_link_works_only_where_it_was_asked_for(house: House, browser: Browser) -> None:
    await browser.ask(VP)
    link = await house.post.link(VP)
    key = parse_qs(urlsplit(link).query)["key"][0]
    async with house.browser() as other:
        page = await other.get(link)
        assert "asked for in another browser" in page.text
        assert (await other.post("/intake/sign-in/link", key=key)).status_code == 403
        assert other.token is None
        assert (await other.post("/intake/sign-in/again", key=key)).headers["location"] == "/intake/sign-in/sent"
        assert (await other.press(await house.post.link(VP, 1))).status_code == 303
        assert claims(house, other).member == "vp"
    assert (await browser.press(link)).status_code == 303


async def test_a_link_expires(house: House, browser: Browser) -> None:
    await browser.ask(VP)
    link = await house.post.link(VP)
    await house.service.runtime.pool.execute("update facts.sign_in_link set expires_at = $1", datetime.now(UTC))
    assert "has expired" in (await browser.get(link)).text
    key = parse_qs(urlsplit(link).query)["key"][0]
    assert (await browser.post("/intake/sign-in/link", key=key)).status_code == 403
    assert browser.token is None


async def test_a_secret_is_in_the_mail_and_in_the_browser_and_nowhere_else(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    _, message = house.post.taken[0]
    key = parse_qs(urlsplit(await house.post.link(VP)).query)["key"][0]
    assert key in message.as_string().replace("=\n", "").replace("=3D", "=")
    secrets = [key, browser.cookie("nrem_session"), browser.cookie("nrem_browser")]
    tables = ("sign_in_link", "session", "sign_in_attempt", "journal", "journal_payload")
    for table in tables:
        rows = await house.service.runtime.pool.fetch(f"select t::text as row from facts.{table} t")
        assert rows or table == "session", table
        for secret in secrets:
            assert secret
            assert not [row for row in rows if secret in row["row"] or secret.encode().hex() in row["row"]], table
    assert not [row for row in await house.journal() if VP in row]


async def test_nobody_is_flooded_and_nobody_asks_for_everybody(settings_for, signing) -> None:
    async with opened(settings_for, signing, sign_in_limit=8) as house, house.browser() as browser:
        answers = [(await browser.ask(VP)).status_code for _ in range(6)]
        assert answers == [303] * 5 + [429]
        others = [(await browser.ask(f"{n}@vp.example")).status_code for n in range(3)]
        assert others == [303, 303, 429]
        await house.service.runtime.pool.execute(
            "update facts.sign_in_attempt set at = at - $1::interval", timedelta(minutes=16)
        )
        assert (await browser.ask(VP)).status_code == 303


async def test_every_mistake_in_the_form_says_what_to_do(house: House, browser: Browser) -> None:
    for text, said in (("", "Enter your e-mail address."), ("anna", "This is no e-mail address.")):
        answer = await browser.ask(text)
        assert answer.status_code == 422
        assert answer.text.count(said) >= 2  # at the top and at the field
    assert house.post.taken == []


async def test_a_mail_server_that_is_away_or_busy_is_tried_again(settings_for, signing) -> None:
    port = free_port()
    async with opened(settings_for, signing, smtp_port=port) as house, house.browser() as browser:
        await browser.ask(VP)
        async with listening(port) as post:
            post.refusing = 1
            assert (await browser.press(await post.link(VP))).status_code == 303


async def test_outside_production_only_the_allow_list_is_written_to(house: House, browser: Browser) -> None:
    await house.contact("lm", "focal_point", "kontakts@lm.example")
    await browser.ask("kontakts@lm.example")

    async def withheld() -> bool:
        return house.service.runtime.metrics.sign_in_mails.labels("withheld")._value.get() == 1

    await eventually(withheld)
    assert house.post.taken == []


async def test_a_link_for_somebody_who_left_meanwhile_leads_nowhere(house: House, browser: Browser) -> None:
    await browser.ask(VP)
    link = await house.post.link(VP)
    await house.contact("vp", "focal_point", "next@vp.example")
    answer = await browser.press(link)
    assert answer.status_code == 403
    assert "does not know this address any more" in answer.text
    assert browser.token is None
