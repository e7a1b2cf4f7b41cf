"""Dead letters once more: after a release that understands them they are applied as if they had just come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.projection import problem_store, store
from nrem_shared.runtime.projection.events import Event, NewerVersion, NotUnderstood, decode, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nrem_shared.runtime.database import Connection, Pool
    from nrem_shared.runtime.projection.batch import TopicHandler


async def replay_dead_letters(
    pool: Pool, handlers: Mapping[str, Sequence[TopicHandler]], ids: Sequence[int] | None = None
) -> tuple[int, int]:
    """Decode and apply dead letters once more, after a release that understands them."""
    async with pool.acquire() as conn:
        rows = await problem_store.lock_open_dead_letters(conn, ids)
    resolved = 0
    for row in rows:
        resolved += await _replay_one(pool, handlers, row["id"])
    return resolved, len(rows) - resolved


async def _replay_one(pool: Pool, handlers: Mapping[str, Sequence[TopicHandler]], id: int) -> bool:
    async with pool.acquire() as conn:
        try:
            async with conn.transaction():
                rows = await problem_store.lock_open_dead_letters(conn, [id])
                if not rows:
                    return False
                event = decode(rows[0]["value"] or b"")
                await _apply_letter(conn, handlers, rows[0]["topic"], event)
                await problem_store.resolve_dead_letter(conn, id, datetime.now(UTC))
        except TRANSIENT:
            raise
        except (NotUnderstood, NewerVersion) as error:
            await problem_store.fail_dead_letter(
                conn, id, getattr(error, "cause", "newer-version"), str(error), datetime.now(UTC)
            )
        except Exception as error:
            await problem_store.fail_dead_letter(conn, id, type(error).__name__, str(error)[:2000], datetime.now(UTC))
        else:
            return True
    return False


async def _apply_letter(
    conn: Connection, handlers: Mapping[str, Sequence[TopicHandler]], topic: str, event: Event
) -> None:
    for handler in handlers.get(topic, ()):
        await handler(conn, [told(event)])
    await store.save_streams(conn, {event.subject: event.revision})
    await store.notify(conn)
