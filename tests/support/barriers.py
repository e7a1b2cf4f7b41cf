"""What keeps somebody from using a page, as far as axe-core can find out."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: What WCAG 2.2 AA asks for, and good practice; rules that hold are not looked at in detail.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: The same, colours apart: to measure them takes longer than everything else together.
WITHOUT_COLOURS = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
#: Only violations leave the page: the rest of what axe tells is large.
FOUND = "options => axe.run(options).then(found => found.violations)"


def barriers(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds, in words."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE_SCRIPT}\n;undefined")
    found = page.evaluate(FOUND, RULES if colours else WITHOUT_COLOURS)
    return [f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes'][:3]]}" for one in found]
