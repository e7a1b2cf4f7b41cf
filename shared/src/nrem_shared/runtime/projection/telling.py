"""Telling Kafka how far a projection is, beside the work: the group's offsets serve monitoring alone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiokafka.errors import KafkaError

from nrem_shared.runtime.logs import logger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiokafka import AIOKafkaConsumer, TopicPartition

_log = logger(__name__)


class Telling:
    """Commits the newest offsets of what is applied; one request at a time, what comes meanwhile with the next."""

    def __init__(self) -> None:
        self._offsets: dict[TopicPartition, int] = {}
        self._task: asyncio.Task[None] | None = None

    def tell(self, consumer: AIOKafkaConsumer | None, offsets: Mapping[TopicPartition, int]) -> None:
        """Commit these soon: the next offset of each topic-partition. `consumer` is null once it has been stopped."""
        self._offsets.update(offsets)
        if consumer is not None and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._commit(consumer))

    def stop(self) -> None:
        """Commit nothing more."""
        if self._task is not None:
            self._task.cancel()

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        while self._offsets:
            offsets, self._offsets = self._offsets, {}
            mine = consumer.assignment()
            try:
                await consumer.commit({place: offset for place, offset in offsets.items() if place in mine})
            except KafkaError as error:  # a rebalance, or the broker is away
                _log.debug("offsets are not committed", error=repr(error))
