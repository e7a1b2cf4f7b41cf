"""A browser without a mouse: everything is done with what has the focus, and the focus moves by the Tab key."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from playwright.sync_api import FilePayload, Locator, Page

#: How many stops of the Tab key lead from what has the focus to an element, at least; below 0 = backwards, which is
#: also the shorter way to what stands at the end of a page that was just opened.
_STOPS = """wanted => {
    const active = document.activeElement
    const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
        .filter(one => one === wanted || one === active
            || (one.type !== "radio" && one.type !== "hidden" && !one.disabled && one.tabIndex >= 0
                && one.checkVisibility({visibilityProperty: true})))
    const forward = stops.indexOf(wanted) - stops.indexOf(active)
    const backward = stops.length - stops.indexOf(wanted)
    return active === document.body && backward < forward ? -backward : forward
}"""


def tab_to(page: Page, wanted: Locator, most: int = 400) -> None:
    """Go with the Tab key until `wanted` has the focus, as somebody without a mouse does: forwards or backwards."""
    element = wanted.element_handle()  # found once: to look for it again after each key is most of the work
    steps = cast("int", element.evaluate(_STOPS))
    key = "Tab" if steps >= 0 else "Shift+Tab"
    for _ in range(abs(steps)):  # where the focus is is not asked after each of these
        page.keyboard.press(key)
    for _ in range(most):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the Tab key does not lead to {wanted}")


def pressed(page: Page, wanted: Locator) -> None:
    """Go to a link or a button, press it, and wait for where it leads."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def typed(page: Page, wanted: Locator, text: str) -> None:
    """Go to a field and type over what stands in it."""
    tab_to(page, wanted)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def typed_date(page: Page, wanted: Locator, day: str) -> None:
    """Go to a field for a date and type its digits in the order in which this browser's control has them.

    `day` has its day after the twelfth: typed in another order it is no date, or another one.
    """
    year, month, day_of_month = day.split("-")
    assert int(day_of_month) > 12, f"{day} can be misread"
    digits = {"Y": year, "M": month, "D": day_of_month}
    order = order_of_dates(page)
    tab_to(page, wanted)
    page.keyboard.type("".join(digits[part] for part in order))
    assert wanted.input_value() == day, f"typed as {order}, read as {wanted.input_value()!r}"


def order_of_dates(page: Page) -> str:
    """`DMY`, `MDY` or `YMD`: what a native control asks for first is the browser's own affair.

    It follows neither the language of the page nor the locale of the context, so a control of its own is tried.
    """
    own = page.context.new_page()
    own.set_content("<input type=date>")
    own.locator("input").focus()
    own.keyboard.type("01022003")
    read = own.locator("input").input_value()
    own.close()
    return {"2003-02-01": "DMY", "2003-01-02": "MDY"}.get(read, "YMD")


def chosen(page: Page, wanted: Locator, value: str) -> None:
    """Go to a list and move to one of its values by the arrow keys."""
    tab_to(page, wanted)
    places = "(list, value) => [...list.options].findIndex(one => one.value === value) - list.selectedIndex"
    steps = cast("int", wanted.evaluate(places, value))
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    assert wanted.input_value() == value, f"{wanted} does not offer {value}"


def ticked(page: Page, wanted: Locator) -> None:
    """Go to a box or to the first choice of several, and tick it with the space bar."""
    tab_to(page, wanted)
    page.keyboard.press("Space")
    assert wanted.is_checked()


def file_chosen(page: Page, wanted: Locator, file: Path | FilePayload) -> None:
    """Go to a field for a file, open what the browser asks with, and choose there."""
    with (
        page.expect_file_chooser() as asked
    ):  # a browser that nobody answers yet opens nothing: first, then the way there
        tab_to(page, wanted)
        page.keyboard.press("Enter")
    asked.value.set_files(file)


def copied(page: Page, wanted: Locator) -> str:
    """Go to a field, copy all of it, and paste it elsewhere: what arrives there."""
    tab_to(page, wanted)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("ControlOrMeta+c")
    elsewhere = page.context.new_page()
    elsewhere.set_content("<textarea></textarea>")
    elsewhere.locator("textarea").focus()
    elsewhere.keyboard.press("ControlOrMeta+v")
    pasted = elsewhere.locator("textarea").input_value()
    elsewhere.close()
    return pasted
