"""People who help: asked by a focal point, signed in by a link, with the sections given and no others."""

from __future__ import annotations

import re

from integration.intake.signing_in import VP, Browser, House, browser, claims, house
from support.eventually import eventually

__all__ = ["browser", "house"]

HELPER = "paligs@vp.example"


async def invited(browser: Browser, *sections: str, address: str = HELPER) -> str:
    """The focal point's browser asks somebody to help; their page."""
    answer = await browser.post(
        "/intake/people", name="Paraugs Palīgs", address=address, language="en", sections=list(sections)
    )
    assert answer.status_code == 303, answer.text
    page = (await browser.get(answer.headers["location"])).text
    return re.findall(r'href="(/intake/people/[0-9a-f-]{36})"', page)[-1]


async def test_somebody_is_asked_and_comes_in_with_their_sections(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    await invited(browser, "observations", "funding")

    async def told() -> bool:
        return any(to == HELPER and "VP" not in to for to, _ in house.post.taken)

    await eventually(told)
    _, message = next(pair for pair in house.post.taken if pair[0] == HELPER)
    assert "State Police" in message["Subject"]
    assert "http://nrem.test/intake/sign-in" in message.get_body(("plain",)).get_content()
    async with house.browser() as helper:
        entered = await helper.ask(HELPER)
        assert entered.status_code == 303
        await helper.press(await house.post.link_in_newest(HELPER))
        who = claims(house, helper)
        assert (who.roles, who.member, who.sections) == ({"contributor"}, "vp", {"observations", "funding"})
        assert who.display == "Paraugs Palīgs"
        assert "Statistics" in (await helper.get("/intake/account")).text
        assert (await helper.get("/intake/people")).status_code == 403
    facts = [row for row in await house.journal() if "contributor.changed" in row]
    assert len(facts) == 1
    assert not [row for row in await house.journal() if HELPER in row or "Palīgs" in row]


async def test_fewer_sections_or_none_take_effect_at_once(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    page = await invited(browser, "observations", "funding")
    async with house.browser() as helper:
        await helper.ask(HELPER)
        await helper.press(await house.post.link_in_newest(HELPER))
        before = claims(house, helper).session
        assert (await browser.post(page, sections=["funding", "observations", "challenges"])).status_code == 303
        assert (await helper.get("/intake/session/renew?next=/intake/")).status_code == 307
        assert claims(house, helper).sections == {"observations", "funding", "challenges"}
        assert (await browser.post(page, sections=["funding"])).status_code == 303
        assert any(f"session/{before}" in row for row in await house.journal())
        assert (await helper.get("/intake/session/renew?next=/intake/")).headers["location"].startswith("/intake/sign")
        assert (await browser.post(page, sections=[])).status_code == 422
        assert (await browser.post(f"{page}/remove")).status_code == 303
        assert (await browser.get(page)).status_code == 404
        await helper.ask(HELPER)
    assert await house.service.runtime.pool.fetchval("select count(*) from facts.contributor") == 0


async def test_every_mistake_is_said_at_once_and_nothing_is_kept(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    answer = await browser.post("/intake/people", name="", address="nobody", language="en")
    assert answer.status_code == 422
    for said in ("Enter the name.", "This is no e-mail address.", "Choose at least one section."):
        assert answer.text.count(said) >= 2, said
    assert (await browser.post("/intake/people", name="A", address=HELPER, sections=["weather"])).status_code == 422
    await invited(browser, "funding")
    again = await browser.post("/intake/people", name="B", address=HELPER.upper(), language="en", sections=["funding"])
    assert "helps you already" in again.text
    assert await house.service.runtime.pool.fetchval("select count(*) from facts.contributor") == 1


async def test_other_institutions_people_are_not_found(house: House, browser: Browser) -> None:
    await browser.sign_in(house.post, VP)
    page = await invited(browser, "funding")
    await house.contact("lm", "focal_point", "other@vp.example")
    async with house.browser() as other:
        await other.sign_in(house.post, "other@vp.example")
        for answer in (await other.get(page), await other.post(page, sections=["funding"]),
                       await other.post(f"{page}/remove"), await other.get("/intake/people?member=vp"),
                       await other.post("/intake/people", member="vp", name="A", address="a@vp.example")):  # fmt: skip
            assert answer.status_code == 404
    assert await house.service.runtime.pool.fetchval("select count(*) from facts.contributor") == 1
