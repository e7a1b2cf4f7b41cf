"""How fast every page is served: asked for one after the other, by somebody who is signed in."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import pytest

from e2e.test_pages import ALL, PageRoute

if TYPE_CHECKING:
    import httpx

    from lighthouse.conftest import Addresses, Measured

REQUESTS = 20
MOST_MILLISECONDS = 100
#: What else the machine does only adds to a figure: one that is too high is measured anew so often.
ROUNDS = 3


@pytest.mark.parametrize("route", ALL, ids=lambda route: route.path)
def test_a_page_is_served_quickly(
    people: dict[str | None, httpx.Client], addresses: Addresses, measured: Measured, route: PageRoute
) -> None:
    address, client = addresses.of(route), people[route.role]
    client.get(address)  # templates are read once
    for _ in range(ROUNDS):
        took = [_milliseconds(client, address) for _ in range(REQUESTS)]
        p95 = min(statistics.quantiles(took, n=20)[-1], measured.milliseconds.get(address, float("inf")))
        measured.milliseconds[address] = p95
        if p95 <= MOST_MILLISECONDS:
            break
    assert measured.milliseconds[address] <= MOST_MILLISECONDS


def _milliseconds(client: httpx.Client, address: str) -> float:
    began = time.perf_counter()
    client.get(address)
    return 1000 * (time.perf_counter() - began)
