"""A look at the echo's projection."""

from __future__ import annotations

import pytest

from support.projections import Projection


@pytest.fixture
async def opened():
    """`await opened(settings)` gives a look at the projection, closed after the test."""
    made: list[Projection] = []

    async def open_(settings) -> Projection:
        made.append(await Projection.open(settings))
        return made[-1]

    yield open_
    for projection in made:
        await projection.conn.close()
