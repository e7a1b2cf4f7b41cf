"""What keeps somebody from using a page, as far as axe-core can find out."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: What WCAG 2.2 AA asks for, and good practice; rules that hold are not looked at in detail.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: Only violations leave the page: the rest of what axe tells is large.
FOUND = "options => axe.run(options).then(found => found.violations)"


def barriers(page: Page) -> list[str]:
    """What axe finds, in words."""
    page.evaluate(f"{AXE_SCRIPT}\n;undefined")
    found = page.evaluate(FOUND, RULES)
    return [f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes'][:3]]}" for one in found]
