"""Writing to the journal: state and facts commit together, or not at all."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from nrem_shared.contracts.operations import PayloadRedacted
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.journal import store
from nrem_shared.runtime.journal.turns import Turns
from nrem_shared.runtime.journal.writing import Fact, Overtaken, Writing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection
    from datetime import datetime

    from nrem_shared.runtime.clock import Clock
    from nrem_shared.runtime.database import Connection, Pool
    from nrem_shared.runtime.journal.store import KeyName
    from nrem_shared.runtime.journal.writing import Provenance

T = TypeVar("T")


class Journal:
    """The journal of one service. Facts are serial: a command is decided on everything that is journalled before it.

    `writing` holds the head from its first word to its commit. `write` is for commands that write nothing but facts,
    answers and the state beside them: it does not hold the head but moves it from where it was read (docs/adr/0001).
    """

    def __init__(self, service: str, pool: Pool, clock: Clock) -> None:
        self.service = service
        self._pool = pool
        self._clock = clock
        self._turns = Turns()

    @asynccontextmanager
    async def writing(self, provenance: Provenance, keys: Collection[KeyName] = ()) -> AsyncIterator[Writing]:
        """A transaction for one command (or many at once); commits at exit, rolls everything back on an error.

        `keys` = (actor, Idempotency-Key) of those that may have been answered before. Raises PayloadTooLarge, and
        asyncpg's errors where the database refuses.
        """
        async with self._pool.acquire() as conn, self._holding(conn, self._clock.now, provenance, keys) as writing:
            yield writing
            await writing.seal(writing.head)

    async def write(
        self,
        provenance: Provenance,
        command: Callable[[Writing], Awaitable[T]],
        *,
        streams: Collection[str],
        keys: Collection[KeyName] = (),
    ) -> T:
        """Run `command` and write what it recorded, kept and remembered in one statement; nothing on an error.

        No transaction is open while it decides: it reads by the connection and writes nothing by it. Others may decide
        beside it. It is asked again, the head held, where what it read was changed meanwhile. `streams` = those it
        reads that other commands of this way may change; everything else it reads must be changed by `writing` alone,
        with a fact. Raises as `writing` does, and ValueError for what needs a transaction.
        """
        async with self._pool.acquire() as conn, self._turns.taken() as turn:
            now = self._clock.now()  # in the order of the turns
            try:
                writing = await self._begun(conn, now, provenance, keys)
                result = await self._decided(writing, command)
                if writing.writes:
                    await turn.come()
                    changed = writing.names
                    head = turn.head_for(writing, changed.union(streams, keys))
                    turn.wrote(head, await writing.seal(head), changed)
            except Overtaken:
                await turn.come()
                async with self._holding(conn, lambda: now, provenance, keys) as writing:
                    result = await command(writing)
                    after = await writing.seal(writing.head)
                turn.wrote(writing.head, after, writing.names)  # those behind it need not decide again, too
            return result

    @asynccontextmanager
    async def _holding(
        self, conn: Connection, now: Callable[[], datetime], provenance: Provenance, keys: Collection[KeyName]
    ) -> AsyncIterator[Writing]:
        async with conn.transaction():
            await store.lock_head(conn)
            yield await self._begun(conn, now(), provenance, keys)

    async def _begun(
        self, conn: Connection, now: datetime, provenance: Provenance, keys: Collection[KeyName]
    ) -> Writing:
        head, before = await store.read(conn, keys)
        return Writing(self.service, conn, now, provenance, head, {key: before.get(key) for key in keys})

    async def _decided(self, writing: Writing, command: Callable[[Writing], Awaitable[T]]) -> T:
        """What the command says. Raises Overtaken where it refuses what was answered meanwhile."""
        try:
            result = await command(writing)
        except TRANSIENT:
            raise
        except Exception as error:
            if await _answered_meanwhile(writing):
                raise Overtaken from error
            raise
        if writing.writes and not writing.facts:
            raise ValueError("without a fact nobody notices what is written: it needs `writing`")
        if any(fact.redacts is not None for fact in writing.facts):
            raise ValueError("a redaction deletes, too: it needs `writing`")
        if not writing.writes and await _answered_meanwhile(writing):
            raise Overtaken
        return result

    async def redact(self, position: int, reason: str, provenance: Provenance) -> None:
        """Delete what the fact at `position` said, for a reason that stays. Raises LookupError where there is none."""
        async with self.writing(provenance) as writing:
            subject = await store.subject_at(writing.conn, position)
            if subject is None:
                raise LookupError(f"the journal has no position {position}")
            stream = f"redaction/{position}"
            writing.record(
                Fact(
                    "nrem.payload.redacted.v1",
                    stream,
                    await store.revision_of(writing.conn, stream) + 1,
                    PayloadRedacted(position=position, subject=subject, reason=reason),
                    redacts=position,
                )
            )


async def _answered_meanwhile(writing: Writing) -> bool:
    """Whether a key has an answer now that had none: streams are read after answers, and may be of a later moment."""
    open_keys = [key for key, answer in writing.answered.items() if answer is None]
    return bool(open_keys) and bool((await store.read(writing.conn, open_keys))[1])
