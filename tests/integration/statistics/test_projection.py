"""The projection holds what the streams say: in any order, however often, and without ghosts of dropped figures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from integration.statistics.stream_events import Stream, period_events, reference_events
from integration.statistics.tables import apply_all, dump, load_demonstration, numbers, quarter
from nrem_shared.contracts.submissions import (
    Activity,
    Challenge,
    Funding,
    Observation,
    SubmissionContent,
    SubmissionSubmitted,
)
from nrem_shared.runtime.projection.events import Event
from nrem_statistics.observations.handlers import apply
from nrem_statistics.quarters.store import OBSERVATIONS_OF_VERSIONS
from nrem_statistics.sources import handlers as sources
from support.databases import Database

START = datetime(2026, 4, 1, 9, tzinfo=UTC)
FORMS = ("LABOUR", "SEXUAL", "BEGGING", "CRIMINAL")
Figures = dict[str, int | None]

in_a_transaction = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def conn(database: Callable[[str], Awaitable[Database]]) -> AsyncIterator[asyncpg.Connection]:
    connection = await (await database("statistics")).connect()
    yield connection
    await connection.close()


def content(figures: Figures) -> SubmissionContent:
    """Proceedings opened by form of exploitation, with something in every other section."""
    observations = tuple(
        Observation(
            indicator="PROC_NEW", form_of_exploitation=form, value=value, empty=None if value is not None else "unknown"
        )
        for form, value in figures.items()
    )
    text = {"lv": "Teksts", "en": "Text"}
    return SubmissionContent(
        nothing_to_report=not figures,
        observations=observations,
        activities=[Activity(code="a", type="TRAINING", title=text, date="2026-02-01", audience="POLICE")]
        if figures
        else (),
        challenges=[Challenge(code="c", text=text, state="open")] if figures else (),
        funding=[Funding(source="PROJECT", purpose="TRAINING", amount_eur=0.1 * len(figures))] if figures else (),
    )


@dataclass(frozen=True)
class Step:
    """One step of one stream: a version with these figures, or a decision about the newest."""

    figures: Figures | None = None
    outcome: str | None = None


FIGURES = st.dictionaries(st.sampled_from(FORMS), st.one_of(st.none(), st.integers(0, 9)), max_size=4)
VERSION = st.tuples(FIGURES, st.sampled_from(["accepted", "returned", "withdrawn"]))
HISTORY = st.lists(VERSION, min_size=1, max_size=4).flatmap(
    lambda versions: st.booleans().map(
        lambda undecided: [
            step
            for place, (figures, outcome) in enumerate(versions)
            for step in (
                [Step(figures)] if undecided and place == len(versions) - 1 else [Step(figures), Step(outcome=outcome)]
            )
        ]
    )
)
MEMBERS = ("vp", "marta", "pdm")


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """The events of several streams, each in order, with rising times."""
    events: list[Event] = []
    at = START
    for period in ("2026-Q1", "2026-Q2"):
        for member in draw(st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=3, unique=True)):
            stream = Stream(period, member)
            for step in draw(HISTORY):
                at += timedelta(minutes=1)
                told = stream.submit(at, content(step.figures)) if step.figures is not None else None
                events.append(told or stream.decide(at, str(step.outcome)))
    return events


@st.composite
def disorders(draw: st.DrawFn) -> tuple[list[Event], list[Event], list[int]]:
    """Events in order, the same in any order with any duplicates, and where batches end."""
    events = draw(histories())
    again = draw(st.lists(st.sampled_from(events), max_size=len(events)))
    disorder = draw(st.permutations([*events, *again]))
    return events, disorder, draw(st.lists(st.integers(1, len(disorder)), max_size=6))


@in_a_transaction
@given(told=disorders())
async def test_any_order_any_duplicates_any_batches_give_the_same_tables(
    conn: asyncpg.Connection, told: tuple[list[Event], list[Event], list[int]]
) -> None:
    events, disorder, ends = told
    in_order = await _dump_of(conn, [[one] for one in events])
    cuts = [0, *sorted(set(ends)), len(disorder)]
    batches = [disorder[a:b] for a, b in pairwise(cuts) if a < b]
    assert await _dump_of(conn, batches) == in_order


async def _dump_of(conn: asyncpg.Connection, batches: Sequence[Sequence[Event]]) -> dict[str, list[str]]:
    transaction = conn.transaction()
    await transaction.start()
    try:
        for batch in batches:
            await apply(conn, batch)
        return await dump(conn)
    finally:
        await transaction.rollback()


@settings(in_a_transaction, max_examples=15)
@given(events=histories())
async def test_totals_as_known_at_every_step_equal_a_naive_model(conn: asyncpg.Connection, events: list[Event]) -> None:
    transaction = conn.transaction()
    await transaction.start()
    try:
        await apply_all(conn, events)
        await sources.apply_periods(conn, period_events())
        await sources.apply_reference(conn, reference_events())
        for period in ("2026-Q1", "2026-Q2"):
            for moment in [START, *(one.recorded_at for one in events)]:
                await _compare(conn, period, moment, events)
    finally:
        await transaction.rollback()


def naive(events: Sequence[Event], period: str, known_on: datetime) -> Figures:
    """By form of exploitation: a dictionary per member, replaced whole whenever a version of it is accepted."""
    submitted: dict[tuple[str, int], Figures] = {}
    counted: dict[str, Figures] = {}
    for one in sorted(events, key=lambda event: event.recorded_at):
        data = one.data
        if one.recorded_at > known_on or data is None or data.period != period:  # type: ignore[attr-defined]
            continue
        key = (data.member, data.version)  # type: ignore[attr-defined]
        if isinstance(data, SubmissionSubmitted):
            submitted[key] = {o.dimensions["form_of_exploitation"]: o.value for o in data.content.observations}
        elif one.type == "nrem.submission.accepted.v1":
            counted[key[0]] = submitted[key]
    totals: Figures = {}
    for figures in counted.values():
        for form, value in figures.items():
            held = totals.get(form)
            totals[form] = held if value is None else (held or 0) + value
    return totals


async def _compare(conn: asyncpg.Connection, period: str, known_on: datetime, events: Sequence[Event]) -> None:
    figures = (await quarter(conn, period, known_on)).indicators["PROC_NEW"]
    model = naive(events, period, known_on)
    assert numbers(figures.by["form_of_exploitation"]) == dict(sorted(model.items()))
    known = [value for value in model.values() if value is not None]
    assert figures.sum_of_reports.value == (sum(known) if known else None)


@in_a_transaction
@example(dropped=2, kept=4, old=1, new=3, added=5, outcome="returned")
@given(
    dropped=st.integers(0, 9),
    kept=st.integers(0, 9),
    old=st.integers(0, 9),
    new=st.integers(0, 9),
    added=st.integers(0, 9),
    outcome=st.sampled_from(["returned", "accepted", "withdrawn"]),
)
async def test_a_correction_drops_changes_and_adds_and_is_then_decided(
    conn: asyncpg.Connection, dropped: int, kept: int, old: int, new: int, added: int, outcome: str
) -> None:
    first: Figures = {"LABOUR": dropped, "SEXUAL": old, "BEGGING": kept}
    second: Figures = {"SEXUAL": new, "BEGGING": kept, "CRIMINAL": added}
    stream, other = Stream("2026-Q1", "vp"), Stream("2026-Q1", "marta")
    steps = [
        stream.submit(START, content(first)),
        other.submit(START + timedelta(hours=1), content({"LABOUR": 7})),
        stream.decide(START + timedelta(hours=2), "accepted"),
        stream.submit(START + timedelta(hours=3), content(second)),
        other.decide(START + timedelta(hours=4), "accepted"),
        stream.decide(START + timedelta(hours=5), outcome),
    ]
    transaction = conn.transaction()
    await transaction.start()
    try:
        await sources.apply_periods(conn, period_events())
        await sources.apply_reference(conn, reference_events())
        for place, one in enumerate(steps):
            await apply(conn, [one])
            await apply(conn, steps[: place + 1])  # the bus repeats everything
            await _compare(conn, "2026-Q1", one.recorded_at, steps[: place + 1])
        revised = (await quarter(conn, "2026-Q1", steps[-1].recorded_at)).revised_figures
        told = {one.dimensions["form_of_exploitation"] for one in revised}
        assert told == (
            {"LABOUR", "CRIMINAL"} | ({"SEXUAL"} if old != new else set()) if outcome == "accepted" else set()
        )
    finally:
        await transaction.rollback()


async def test_the_version_in_force_is_found_by_the_index(
    database: Callable[[str], Awaitable[Database]],
) -> None:
    owner = await (await database("statistics")).connect(owner=True)
    try:
        await owner.execute(
            """
            insert into projection.observation (period, member, version, indicator, dimension_key, dimensions, value)
            select (2000 + p / 4) || '-Q' || (p % 4 + 1), 'member' || m, v, 'PROC_NEW', 'k=' || k, '{}'::jsonb, k
              from generate_series(0, 39) p, generate_series(1, 20) m, generate_series(1, 3) v, generate_series(1, 20) k
            """
        )
        await owner.execute("analyze projection.observation")
        plan = await owner.fetch(
            "explain " + OBSERVATIONS_OF_VERSIONS, "2005-Q1", [f"member{m}" for m in range(1, 21)], [2] * 20
        )
    finally:
        await owner.close()
    text = "\n".join(row[0] for row in plan)
    assert "observation_pkey" in text
    assert "Seq Scan" not in text


async def test_reference_data_is_that_of_the_date_asked_about(conn: asyncpg.Connection) -> None:
    await load_demonstration(conn)
    before = await quarter(conn, "2026-Q1", datetime(2026, 5, 1, tzinfo=UTC))
    later = [one for one in reference_events() if one.subject == "reference/codelist/citizenship"]
    changed = _without_groups(later[0])
    await sources.apply_reference(conn, [changed, changed])
    assert await quarter(conn, "2026-Q1", datetime(2026, 5, 1, tzinfo=UTC)) == before
    after = await quarter(conn, "2026-Q1", datetime(2026, 7, 1, tzinfo=UTC))
    assert after.victims is not None
    assert after.victims.by_citizenship_group == {}


def _without_groups(one: Event) -> Event:
    data = one.data
    item = data.item  # type: ignore[union-attr]
    bare = item.model_copy(update={"codes": tuple(c.model_copy(update={"attributes": {}}) for c in item.codes)})
    return one._replace(
        revision=2,
        recorded_at=datetime(2026, 6, 1, tzinfo=UTC),
        data=data.model_copy(update={"item": bare}),  # type: ignore[union-attr]
    )
