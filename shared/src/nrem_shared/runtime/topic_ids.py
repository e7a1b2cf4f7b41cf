"""What Kafka says of topics: the id it gave each at its birth, partitions, copies.

A topic that was deleted and made again has the same name and another id: places read in the one mean nothing in the
other. The client library does not ask for ids yet (Kafka's Metadata request, version 12), so the request stands here.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    AbstractType,
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nrem_shared.runtime.settings import ServiceSettings

_NO_ID = bytes(16)
_TIMEOUT = 10_000  # ms


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as it stands: its id (22 characters, as Kafka writes it), number of partitions, fewest copies of one."""

    id: str
    partitions: int
    copies: int


@dataclass(frozen=True, slots=True)
class Bus:
    """The id of the cluster, its brokers, and the topics that were asked for and are there."""

    cluster: str
    brokers: int
    topics: dict[str, Found]


class _Uuid(AbstractType[bytes]):  # type: ignore[misc]
    @classmethod
    def encode(cls, value: bytes) -> bytes:
        return value

    @classmethod
    def decode(cls, data: BytesIO) -> bytes:
        return data.read(16)


class _MetadataResponse(Response):  # type: ignore[misc]
    API_KEY = 3
    API_VERSION = 12
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(
                ("node_id", Int32),
                ("host", CompactString("utf-8")),
                ("port", Int32),
                ("rack", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("cluster_id", CompactString("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("name", CompactString("utf-8")),
                ("topic_id", _Uuid),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline", CompactArray(Int32)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("operations", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _MetadataRequestV12(RequestStruct):  # type: ignore[misc]
    API_KEY = 3
    API_VERSION = 12
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _MetadataResponse
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", _Uuid), ("name", CompactString("utf-8")), ("tags", TaggedFields))),
        ("allow_auto_topic_creation", Boolean),
        ("include_topic_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class _MetadataRequest(Request[_MetadataRequestV12]):  # type: ignore[misc]
    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_MetadataRequestV12]) -> _MetadataRequestV12:
        return request_struct_class([(_NO_ID, name, {}) for name in self._topics], False, False, {})


async def ask_bus(settings: ServiceSettings, topics: Iterable[str]) -> Bus:
    """What Kafka has of these topics (names without the installation's prefix); those that are missing are left out.

    Raises ConnectionError where Kafka does not answer.
    """
    prefix = settings.topic_prefix
    client = AIOKafkaClient(
        bootstrap_servers=settings.kafka_bootstrap, client_id=settings.kafka_client_id, request_timeout_ms=_TIMEOUT
    )
    try:
        await client.bootstrap()
        answer = await client.send(client.get_random_node(), _MetadataRequest([prefix + name for name in topics]))
    except (KafkaError, OSError, TimeoutError) as error:
        raise ConnectionError(f"Kafka at {settings.kafka_bootstrap} does not answer: {error!r}") from error
    finally:
        await client.close()
    return Bus(
        answer.cluster_id or "", len(answer.brokers), dict(filter(None, (_found(t, prefix) for t in answer.topics)))
    )


def _found(topic: tuple[Any, ...], prefix: str) -> tuple[str, Found] | None:
    error, name, given, _, partitions, *_ = topic
    if error or given == _NO_ID:
        return None
    text = base64.urlsafe_b64encode(given).rstrip(b"=").decode()
    return name.removeprefix(prefix), Found(text, len(partitions), min(len(each[4]) for each in partitions))
