"""Writing to the journal: state and facts commit together, or not at all."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from nrem_shared.contracts.operations import PayloadRedacted
from nrem_shared.runtime.journal import store
from nrem_shared.runtime.journal.turns import Turns
from nrem_shared.runtime.journal.writing import Fact, Overtaken, Writing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection

    from nrem_shared.runtime.clock import Clock
    from nrem_shared.runtime.database import Connection, Pool
    from nrem_shared.runtime.journal.store import KeyName
    from nrem_shared.runtime.journal.writing import Provenance

T = TypeVar("T")


class Journal:
    """The journal of one service. Commands are serial: each is written after the one that it was decided on.

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
        async with self._pool.acquire() as conn, conn.transaction():
            await store.lock_head(conn)
            writing = await self._begun(conn, provenance, keys)
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

        `streams` = those that it decides on. No transaction is open meanwhile: it reads by the connection and writes
        nothing by it. Others may decide beside it; it is asked again, the head held, where one of them, or any other
        command, changed what it had read. Raises as `writing` does.
        """
        try:
            async with self._pool.acquire() as conn, self._turns.taken() as turn:
                writing = await self._begun(conn, provenance, keys)
                result = await command(writing)
                if any(fact.redacts is not None for fact in writing.facts):
                    raise ValueError("a redaction deletes, too: it needs `writing`")
                if writing.writes:
                    await turn.write(writing, frozenset([*streams, *keys]))
                return result
        except Overtaken:
            async with self.writing(provenance, keys) as writing:
                return await command(writing)

    async def _begun(self, conn: Connection, provenance: Provenance, keys: Collection[KeyName]) -> Writing:
        """A command of now that knows where the journal stands; who begins later is never of an earlier time."""
        now = self._clock.now()
        head, before = await store.read(conn, keys)
        return Writing(self.service, conn, now, provenance, head, {key: before.get(key) for key in keys})

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
