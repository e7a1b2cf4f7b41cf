"""Verifying a journal: every row, the chain, the payloads, the head, and a head printed in a report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nrem_shared.runtime.journal import store
from nrem_shared.runtime.journal.chain import GENESIS, Row, chained_hash, payload_hash

if TYPE_CHECKING:
    from collections.abc import Callable

    import asyncpg

    from nrem_shared.runtime.database import Connection

PAGE = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold, at a position (0 = the journal as a whole)."""

    position: int
    what: str


@dataclass(slots=True)
class Verification:
    """Outcome: rows read, the head reached, and everything that does not hold."""

    rows: int = 0
    redacted: int = 0
    head: bytes = GENESIS
    findings: list[Finding] = field(default_factory=list)


def _check(row: Row, previous: Row | None, result: Verification) -> None:
    before_position = previous.position if previous else 0
    before_hash = previous.hash if previous else GENESIS
    if row.position != before_position + 1:
        missing = f"{before_position + 1} to {row.position - 1}"
        result.findings.append(Finding(row.position, f"rows {missing} are missing before it"))
    if row.previous_hash != before_hash:
        result.findings.append(
            Finding(row.position, "it does not continue the chain: a row was deleted, moved or added")
        )
    if row.hash != chained_hash(row):
        result.findings.append(Finding(row.position, "its type, stream, time, actor or other field was changed"))
    if previous and row.recorded_at < previous.recorded_at:
        result.findings.append(Finding(row.position, "its time lies before the row before it"))


def _check_payload(record: asyncpg.Record, redacted: set[int], result: Verification) -> None:
    position = record["position"]
    if record["payload"] is None:
        result.redacted += 1
        if position not in redacted:
            result.findings.append(Finding(position, "its payload is gone and no redaction names it"))
    elif payload_hash(record["salt"], record["payload"]) != record["payload_hash"]:
        result.findings.append(Finding(position, "its payload was changed"))


async def verify(
    conn: Connection, *, head: bytes | None = None, progress: Callable[[int, int], None] | None = None
) -> Verification:
    """Read the whole journal in one snapshot and check it.

    `head`: a hash printed earlier (in a report); the journal must contain it, so a cut or recomputed chain is found.
    `progress` is called with (rows read, rows in all). Constant memory.
    """
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        return await examine(conn, head=head, progress=progress)


async def examine(
    conn: Connection,
    *,
    head: bytes | None = None,
    last: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """As `verify`, in the caller's transaction. `last`: only so many of the newest rows are read."""
    result = Verification()
    stored = await store.read_head(conn)
    redacted = await store.redacted_positions(conn)
    total = stored["position"] if stored else 0
    start = max(0, total - last) if last is not None else 0
    previous = _row((await store.page(conn, start - 1, 1))[0]) if start else None
    seen_head = head is None or head == GENESIS
    while records := await store.page(conn, previous.position if previous else 0, PAGE):
        for record in records:
            row = _row(record)
            _check(row, previous, result)
            _check_payload(record, redacted, result)
            seen_head = seen_head or row.hash == head
            previous = row
        result.rows += len(records)
        if progress:
            progress(result.rows, total - start)
    _check_head(stored, previous, result)
    if not seen_head and head is not None:
        text = f"the head {head.hex()} is not in it: last rows were cut off, or the chain was computed anew"
        result.findings.append(Finding(0, text))
    return result


def _row(record: asyncpg.Record) -> Row:
    return Row(**{name: record[name] for name in Row._fields})


def _check_head(stored: asyncpg.Record | None, last: Row | None, result: Verification) -> None:
    position, reached = (last.position, last.hash) if last else (0, GENESIS)
    result.head = reached
    if stored is None:
        result.findings.append(Finding(0, "it has no head"))
    elif stored["position"] != position or stored["hash"] != reached:
        text = f"the head names row {stored['position']}, the last row is {position}: rows were cut off or changed"
        result.findings.append(Finding(0, text))
