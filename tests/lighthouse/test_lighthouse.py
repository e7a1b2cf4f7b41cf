"""Every page in Lighthouse: accessibility and best practices 100, nothing shifts, and 150 kB at the most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from e2e.test_pages import ALL, PageRoute

if TYPE_CHECKING:
    from lighthouse.conftest import Addresses, Lighthouse, Measured

MOST_BYTES = 150_000

#: Audits that a page cannot pass, and why.
CANNOT = {
    "/components/problem/{status}": {"errors-in-console": "a browser logs every answer of 400 and more by itself"},
}

#: With wide tables, charts or long forms: looked at on a desk, too.
WIDE = {
    "/statistics/quarters/{period}",
    "/statistics/years",
    "/plan/plans/{plan}",
    "/plan/meetings/{code}",
    "/intake/periods/{period}/submissions/{member}",
    "/intake/periods/{period}/submissions/{member}/report/sections/{section}",
    "/intake/queue",
    "/components/",
}


def looks() -> list[tuple[PageRoute, str]]:
    """Every page on a telephone, the wide ones on a desk, too."""
    return [(route, "mobile") for route in ALL] + [(route, "desktop") for route in ALL if route.path in WIDE]


def test_wide_pages_are_pages() -> None:
    assert {route.path for route in ALL} >= WIDE | set(CANNOT)


@pytest.mark.parametrize(("route", "form"), looks(), ids=lambda one: one if isinstance(one, str) else one.path)
def test_a_page_has_full_marks(
    lighthouse: Lighthouse, addresses: Addresses, measured: Measured, route: PageRoute, form: str
) -> None:
    address = addresses.of(route)
    found = lighthouse.look(address, route.role, form)
    assert "failed" not in found, found["failed"]
    excused = CANNOT.get(route.path, {})
    measured.bytes[f"{address} ({form})"] = found["bytes"]
    assert [lost for lost in found["lost"] if lost["audit"] not in excused] == []
    assert excused or set(found["scores"].values()) == {100}
    assert found["shift"] == 0
    assert found["bytes"] <= MOST_BYTES
