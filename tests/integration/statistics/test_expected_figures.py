"""Every expected figure of the demonstration files, from the projection that the handlers build."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import asyncpg
import pytest

from data_catalogue import QUARTERS
from integration.statistics.tables import load_demonstration, quarter
from support.databases import Database
from unit.statistics import expected
from unit.statistics.demonstration import submissions_file


@pytest.fixture
async def conn(database: Callable[[str], Awaitable[Database]]) -> AsyncIterator[asyncpg.Connection]:
    connection = await (await database("statistics")).connect()
    await load_demonstration(connection)
    yield connection
    await connection.close()


@pytest.mark.parametrize("period", QUARTERS)
async def test_as_first_accepted_and_revised(conn: asyncpg.Connection, period: str) -> None:
    file = submissions_file(period)["expected"]
    block = file["as_first_accepted"]
    answer = await quarter(conn, period, datetime.fromisoformat(block["known_on"]))
    assert expected.first_accepted(answer.model_dump(mode="json")) == {
        k: v for k, v in block.items() if k != "known_on"
    }
    for corrected, victims in file["revised"]["victims"].items():
        revised = await quarter(conn, corrected, datetime.fromisoformat(file["revised"]["known_on"]))
        assert expected.victims(revised.model_dump(mode="json")) == victims
