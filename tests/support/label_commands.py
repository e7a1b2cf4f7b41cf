"""Commands that set labels by both ways of writing to the journal, and what must hold after any number of them."""

from __future__ import annotations

from collections import Counter

import asyncpg

from nrem_shared.runtime.arrays import literal
from nrem_shared.runtime.journal import Journal, State, Writing
from nrem_shared.runtime.journal import store as journal_store
from nrem_shared.runtime.journal.verify import verify
from support.echo import store as echo_store
from support.echo.api import label_fact
from support.journals import BY_TEST

_LABELS = """
labels as (
    insert into facts.label (code, label, revision)
    select code, label, revision
      from moved, unnest($1::text::text[], $2::text::text[], $3::text::bigint[]) as given(code, label, revision)
    on conflict (code) do update set label = excluded.label, revision = excluded.revision
)"""


def labelled(*labels: tuple[str, str, int]) -> State:
    """(code, label, revision) each, for the statement of their facts."""
    return State(_LABELS, [literal([each[place] for each in labels]) for place in range(3)])


class Refused(Exception):
    """A command changes its mind."""


async def add(journal: Journal, code: str, label: str, tries: Counter[str] | None = None) -> str:
    """Set a label by the way that does not hold the head."""

    async def command(writing: Writing) -> str:
        if tries is not None:
            tries[label] += 1
        revision = await journal_store.revision_of(writing.conn, f"member/{code}") + 1
        writing.keep(labelled((code, label, revision)))
        writing.record(label_fact(code, revision, label))
        return writing.after

    return await journal.write(BY_TEST, command, streams=[f"member/{code}"])


async def add_holding(journal: Journal, code: str, label: str) -> None:
    """The same by the way that holds it."""
    async with journal.writing(BY_TEST) as writing:
        revision = await echo_store.set_label(writing.conn, code, label)
        writing.record(label_fact(code, revision, label))


async def check(pool: asyncpg.Pool, expected: Counter[str]) -> None:
    """The chain holds, in time's order without a gap; every stream has each of its revisions; state is the newest."""
    async with pool.acquire() as conn:
        assert (await verify(conn)).findings == []
    rows = await pool.fetch("select position, recorded_at, subject, revision from facts.journal order by position")
    assert [row["position"] for row in rows] == list(range(1, expected.total() + 1))
    assert [row["recorded_at"] for row in rows] == sorted(row["recorded_at"] for row in rows)
    for code, number in expected.items():
        assert [r["revision"] for r in rows if r["subject"] == f"member/{code}"] == list(range(1, number + 1))
    newest = await pool.fetch(
        """
        select l.code, l.revision, l.label, p.payload::jsonb ->> 'abbreviation' as said
          from facts.label l
          join facts.journal j on j.subject = 'member/' || l.code and j.revision = l.revision
          join facts.journal_payload p using (position)
        """
    )
    assert {row["code"]: row["revision"] for row in newest} == dict(expected)
    assert all(row["label"] == row["said"] for row in newest)
