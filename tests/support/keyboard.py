"""A browser without a mouse."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def tab_to(page: Page, wanted: Locator, most: int = 400) -> None:
    """Go on with the Tab key until `wanted` has the focus, as somebody without a mouse does."""
    element = wanted.element_handle()  # found once: to look for it again after each key is most of the work
    for _ in range(most):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {wanted}")


def pressed(page: Page, wanted: Locator) -> None:
    """Go to a link or a button, press it, and wait for where it leads."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")
