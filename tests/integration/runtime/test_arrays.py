"""Columns written as one string are what PostgreSQL reads, whatever stands in them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nrem_shared.runtime.arrays import literal

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
AWKWARD = st.sampled_from(["", "NULL", "null", "{}", '"', "\\", "\\n", "a\nb", "a\\\tb", "{a,b}", " x ", "ā,€"])


@pytest.fixture
async def conn(database):
    made = await database("echo")
    opened = await made.connect()
    yield opened
    await opened.close()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | TEXTS | AWKWARD), st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
async def test_texts_and_numbers_come_back(conn: asyncpg.Connection, texts: list, numbers: list) -> None:
    row = await conn.fetchrow("select $1::text::text[], $2::text::bigint[]", literal(texts), literal(numbers))
    assert row is not None
    assert list(row) == [texts, numbers]


async def test_days_moments_and_truth_come_back(conn: asyncpg.Connection) -> None:
    days, moments = [date(2026, 9, 30), None], [datetime(2026, 9, 30, 23, 59, 59, 123456, tzinfo=UTC)]
    row = await conn.fetchrow(
        "select $1::text::date[], $2::text::timestamptz[], $3::text::boolean[]",
        literal(days),
        literal(moments),
        literal([True, False, None]),
    )
    assert row is not None
    assert list(row) == [days, moments, [True, False, None]]


async def test_what_no_text_may_hold_is_refused_by_the_database(conn: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.CharacterNotInRepertoireError):
        await conn.fetchval("select $1::text::text[]", literal(["nul \x00 in it"]))
