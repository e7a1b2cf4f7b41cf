"""People of the journeys: who they are, in which language and how wide they look, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from support.barriers import barriers
from support.keyboard import pressed

#: The quarter in which the demonstration stands: nobody has reported it.
PERIOD = "2026-Q4"

#: Each journey is gone in both languages, each on a phone and wide.
COMBINATIONS = (("lv", 320), ("lv", 1280), ("en", 320), ("en", 1280))
VIEWS = pytest.mark.parametrize(("language", "width"), COMBINATIONS)


def views_of(*members: str) -> pytest.MarkDecorator:
    """The same, each with a member of its own: what it reports cannot be taken back."""
    each = [(*view, member) for view, member in zip(COMBINATIONS, members, strict=True)]
    return pytest.mark.parametrize(("language", "width", "member"), each)


Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, platform: Any) -> Iterator[Open]:
    """Pages of people: `opened("member", "bac")` is signed in as the focal point of one institution."""
    contexts = []

    def as_somebody(
        role: str, member: str, *, width: int = 1280, language: str = "en", sections: str | None = None
    ) -> Page:
        context = browser.new_context(
            base_url=platform.url,
            viewport={"width": width, "height": 800},
            locale={"lv": "lv-LV", "en": "en-GB"}[language],
        )
        contexts.append(context)
        form = {"role": role, "member": member} | ({"sections": sections} if sections else {})
        answer = context.request.post("/intake/demonstration/session", form=form, max_redirects=0)
        assert answer.status == 303, answer.text()
        return context.new_page()

    yield as_somebody
    for context in contexts:
        context.close()


def submission(member: str, period: str = PERIOD) -> str:
    """The page of a member's submission."""
    return f"/intake/periods/{period}/submissions/{member}"


def take_back(focal: Page, member: str, platform: Any) -> None:
    """What another run of the journey submitted is withdrawn, what it waits with is taken back: it begins anew."""
    at = f"/intake/api/periods/{PERIOD}/submissions/{member}"
    found = focal.request.get(at)
    if found.status == 200 and (pending := found.json()["pending_version"]):
        revision = {"if-match": f'"{found.json()["revision"]}"', **from_here(platform)}
        assert focal.request.post(f"{at}/versions/{pending}/withdraw", data={}, headers=revision).status == 200


def standing(page: Page, member: str, period: str = PERIOD) -> dict[str, Any]:
    """How a member's submission stands, as the API tells whoever the page is signed in as."""
    answer = page.request.get(f"/intake/api/periods/{period}/submissions/{member}")
    assert answer.status == 200, answer.text()
    found: dict[str, Any] = answer.json()
    return found


def content_of(page: Page, member: str, version: int, period: str = PERIOD) -> dict[str, Any]:
    """What a version says."""
    answer = page.request.get(f"/intake/api/periods/{period}/submissions/{member}/versions/{version}")
    assert answer.status == 200, answer.text()
    content: dict[str, Any] = answer.json()["content"]
    return content


def home(page: Page) -> None:
    """To one's home page, from wherever one is: by the name of the product, which stands at the top of every page."""
    if page.url == "about:blank":
        page.goto("/reminders/today")
    else:
        pressed(page, page.locator("a.nrem-header__product"))


def to_submission(page: Page, member: str, period: str = PERIOD) -> None:
    """From a receipt to the submission."""
    pressed(page, main(page).locator(f"a[href$='{submission(member, period)}']").first)


def from_here(platform: Any) -> dict[str, str]:
    """What a browser says with a post; a request of the test's own says nothing by itself."""
    return {"origin": platform.url}


def main(page: Page) -> Locator:
    """What the page is about."""
    return page.get_by_role("main")


def press(page: Page, name: str) -> None:
    """Press a button by its name; the last of several."""
    pressed(page, main(page).get_by_role("button", name=name, exact=True).last)


def no_barriers(page: Page) -> None:
    """Nothing has to be moved sideways to be read, and axe finds nothing.

    Colours are measured in one of the four views: they are the same in all, and it takes longer than all the rest.
    """
    size = page.viewport_size
    assert size is not None
    needed, language = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.lang]")
    assert needed <= size["width"], page.url
    found = barriers(page, colours=(language, size["width"]) == ("en", 1280))
    assert found == [], f"{page.url}: {found}"
