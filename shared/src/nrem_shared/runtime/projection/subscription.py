"""FastStream's subscriber as a projection needs it. Why the settings are what they are: docs/adr/0003."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiokafka import ConsumerRebalanceListener
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from nrem_shared.runtime.projection.ahead import LOOK, MAX_RECORDS, ReadingAhead

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from aiokafka import TopicPartition

    from nrem_shared.runtime.settings import ServiceSettings

# One fetch is taken whole, and a small one: while some of it is left in the client library, or the batch before is
# still at work after 0.1 s, the library asks for the other partitions alone, and this one waits for that answer.
_FETCH = 1 << 20  # bytes of one partition
_ANSWER_OF_NOTHING = 100  # ms after which the broker says that there is nothing new
# A broker that came back may leave a request to join unanswered; the library's own patience is 40 s. Must exceed the
# session, for which a rebalance may honestly last: by so much.
_LONGER = 5_000  # ms
_CLOSING_LIMIT = 10.0  # seconds
# How long stopping waits for the batch in hand; one that is cut off is rolled back and read again. A halted one waits.
_GRACE = 0.5  # seconds
# A topic that was away and is there again is noticed so soon.
_LOOK_AGAIN = 10_000  # ms


async def _as_it_is(message: Any) -> Any:
    """FastStream's decoder, made to hand over what came as it came: records are decoded while they are read."""
    return message.raw_message


class _Places(ConsumerRebalanceListener):  # type: ignore[misc]
    """Starts each assigned partition where the projection stands."""

    def __init__(self, seek: Callable[[set[TopicPartition]], Any]) -> None:
        self._seek = seek

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Nothing to do: what was applied is committed, what was not is not."""

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Seek before the first fetch."""
        await self._seek(assigned)


def subscription(
    settings: ServiceSettings,
    service: str,
    topics: Sequence[str],
    seek: Callable[[set[TopicPartition]], Any],
    look: ReadingAhead,
) -> tuple[KafkaBroker, Any]:
    """A broker and its subscriber of these topics (names without the installation's prefix), not started yet.

    `seek` is awaited with the partitions of each assignment, before anything of them is fetched; `look` reads them.
    """
    session = int(settings.consumer_session_seconds * 1000)
    broker = KafkaBroker(
        settings.kafka_bootstrap,
        client_id=f"{settings.kafka_client_id}-{service}",
        allow_auto_create_topics=False,
        consumer_only=True,
        graceful_timeout=_GRACE,
        metadata_max_age_ms=_LOOK_AGAIN,
        request_timeout_ms=session + _LONGER,
        logger=None,
        apply_types=False,  # an injected message costs a thread's turn for each batch
    )
    subscriber = broker.subscriber(
        *(settings.topic_prefix + topic for topic in topics),
        group_id=f"{settings.topic_prefix}{service}",
        session_timeout_ms=session,
        heartbeat_interval_ms=session // 4,
        batch=True,
        max_records=MAX_RECORDS,
        batch_timeout_ms=LOOK,
        fetch_max_wait_ms=_ANSWER_OF_NOTHING,
        max_partition_fetch_bytes=_FETCH,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        decoder=_as_it_is,
        listener=_Places(seek),
    )
    # FastStream's own look sleeps after each that brought nothing, and does not see what comes then. With a sleep of
    # 2 ms a quiet process of four services looked a thousand times a second: a tenth of a core.
    subscriber.get_msg = look  # type: ignore[method-assign]
    return broker, subscriber


async def to_its_end(closing: Coroutine[Any, Any, None]) -> None:
    """Finish closing also where we are cancelled meanwhile: a connection left open holds its partitions."""
    task = asyncio.ensure_future(closing)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=_CLOSING_LIMIT)
        raise
