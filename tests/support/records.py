"""Records of the echo's events, made by hand as a relay would send them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import ConsumerRecord

from nrem_shared.contracts.topics import MEMBERS
from nrem_shared.runtime.relay import partition_of
from support.echo.api import registered

REGISTERED = "nrem.institution.registered.v1"
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
#: Streams of the echo.
CODES = "abcdef"


@dataclass(frozen=True)
class Sent:
    """One record as it stands on a topic-partition."""

    partition: int
    key: bytes
    value: bytes
    position: int = 0


def value(
    subject: str, revision: int, position: int, prev: int, data: dict[str, Any] | None, type_: str = REGISTERED
) -> bytes:
    """An envelope's bytes; the same place gives the same bytes."""
    at = (START + timedelta(seconds=position)).isoformat()
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"00000000-0000-0000-0000-{position:012d}",
            "source": "/intake",
            "type": type_,
            "subject": subject,
            "time": at,
            "revision": revision,
            "position": position,
            "prev": prev,
            "recordedat": at,
            "correlationid": "test",
            "actor": "test",
            "data": data,
        }
    ).encode()


@dataclass
class Journal:
    """Gives positions and keeps the chain of each partition, as a journal and its relay do together."""

    partitions: int = 1
    position: int = 0
    _previous: dict[int, int] = field(default_factory=dict)

    def label(self, code: str, revision: int, label: str) -> Sent:
        """The next record, on the partition of its stream."""
        return self.event(f"member/{code}", revision, registered(code, label).model_dump(mode="json"))

    def event(self, subject: str, revision: int, data: dict[str, Any] | None, type_: str = REGISTERED) -> Sent:
        """The next record with any data and type."""
        self.position += 1
        key = subject.encode()
        partition = partition_of(key, self.partitions)
        prev = self._previous.get(partition, 0)
        self._previous[partition] = self.position
        return Sent(partition, key, value(subject, revision, self.position, prev, data, type_), self.position)


def on_topic(records: Iterable[Sent], topic: str = MEMBERS) -> list[tuple[str, int, bytes | None, bytes | None]]:
    """For `send_raw`."""
    return [(topic, one.partition, one.key, one.value) for one in records]


def received(topic: str, partition: int, offset: int, key: bytes | None, value: bytes | None) -> ConsumerRecord:
    """As a consumer hands it over."""
    return ConsumerRecord(
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp=int(START.timestamp() * 1000),
        timestamp_type=0,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=len(key or b""),
        serialized_value_size=len(value or b""),
        headers=(),
    )


def some_labels(journal: Journal, revisions: range) -> tuple[list[tuple[str, int, str]], list[Sent]]:
    """Every stream's next revisions, as labels and as records."""
    labels = [(code, revision, f"{code}{revision}") for revision in revisions for code in CODES]
    return labels, [journal.label(*label) for label in labels]
