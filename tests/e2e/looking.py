"""Looking at a page: it is there and no other, it fits, and axe finds no barrier."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from playwright.sync_api import Page

from support.barriers import barriers


def looked_at(
    page: Page, address: str, language: str, width: int, other: int, *, colours: bool = True, sent: bool = False
) -> None:
    """Open it at one width and bring it to the other. `sent`: a mail, which has nothing of a page of ours."""
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    assert answer is not None
    expected = int(address.rpartition("/")[2]) if "/problem/" in address else 200
    assert answer.status == expected, f"{address} in {language}: {answer.status}"
    assert unquote(urlsplit(page.url).path) == urlsplit(address).path, f"{address} leads on to {page.url}"
    if not sent:
        assert page.locator("html").get_attribute("lang") == language, address
        assert page.locator("h1").count() == 1, address
    for size, measured in ((width, colours), (other, False)):
        page.set_viewport_size({"width": size, "height": 900})
        assert_fits(page, size)
        if not sent:
            assert barriers(page, colours=measured) == [], f"{address} in {language} at {size} px"


def assert_fits(page: Page, width: int) -> None:
    """Nothing has to be moved sideways to be read."""
    needed = page.evaluate("document.documentElement.scrollWidth")
    assert needed <= width, f"{page.url} is {needed} px wide at {width}"
