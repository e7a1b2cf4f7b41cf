"""Kafka: does it answer, are the topics there, are they kept as declared, has anything been lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from nrem_embedded.operating.doctor.findings import Finding, ok, problem, warning
from nrem_embedded.operating.losses import look
from nrem_shared.contracts.topics import TOPICS

if TYPE_CHECKING:
    from nrem_embedded.operating.installed import Installation
    from nrem_shared.runtime.settings import ServiceSettings
    from nrem_shared.runtime.topic_ids import Bus

AREA = "kafka"
_SAFE_COPIES = 3
_SAFE_IN_SYNC = 2


async def check_bus(services: Installation) -> AsyncIterator[Finding]:
    """Everything about Kafka and what the relays sent to it."""
    settings = next(iter(services.values())).settings
    outlook = await look(services)
    bus = outlook.bus
    yield ok(AREA, "cluster", f"{bus.brokers} brokers, cluster {bus.cluster}")
    missing = sorted(set(TOPICS) - set(bus.topics))
    if missing:
        yield problem(AREA, "topics", f"missing: {', '.join(missing)}", "nrem republish")
    else:
        yield ok(AREA, "topics", f"all {len(TOPICS)} are there")
    configurations = await _configurations(settings, bus)
    for name in sorted(bus.topics):
        for finding in (*_kept(name, configurations[name]), *_copies(name, bus, configurations[name], settings)):
            yield finding
    if not any(_wrong(name, configurations[name]) for name in bus.topics):
        yield ok(AREA, "retention", "topics are kept as declared")
    for sender, topics in outlook.lost.items():
        for topic, why in topics.items():
            if topic not in missing:
                yield problem(AREA, topic, f"{why} (sent by {sender})", "nrem republish")
    if not outlook.lost:
        yield ok(AREA, "contents", "nothing of what was sent is missing")
    for text in outlook.unsafe:
        yield problem(AREA, "positions", text, "docs/operations.md, Restore")


async def _configurations(settings: ServiceSettings, bus: Bus) -> dict[str, dict[str, str]]:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap, client_id=settings.kafka_client_id)
    try:
        await admin.start()
        names = sorted(bus.topics)
        resources = [ConfigResource(ConfigResourceType.TOPIC, settings.topic_prefix + name) for name in names]
        answers = await admin.describe_configs(resources)
    except (KafkaError, OSError) as error:
        raise ConnectionError(f"Kafka does not say how topics are kept: {error!r}") from error
    finally:
        await admin.close()
    described = [resource for answer in answers for resource in answer.resources]
    prefix = settings.topic_prefix
    return {
        name.removeprefix(prefix): {entry[0]: entry[1] for entry in entries} for _, _, _, name, entries in described
    }


def _wrong(name: str, configuration: dict[str, str]) -> dict[str, str]:
    declared = TOPICS[name].configuration
    return {key: value for key, value in declared.items() if configuration.get(key) != value}


def _kept(name: str, configuration: dict[str, str]) -> Iterator[Finding]:
    for key, value in _wrong(name, configuration).items():
        do = f"kafka-configs.sh --alter --topic {name} --add-config {key}={value}"
        yield problem(AREA, name, f"{key} is {configuration.get(key)}, declared is {value}", do)


def _copies(name: str, bus: Bus, configuration: dict[str, str], settings: ServiceSettings) -> Iterator[Finding]:
    found, in_sync = bus.topics[name], int(configuration.get("min.insync.replicas", "1"))
    wanted = 1 if TOPICS[name].compacted else max(TOPICS[name].partitions, settings.partitions)
    if found.partitions != wanted:
        said = f"{found.partitions} partitions, the settings say {wanted}"
        yield warning(
            AREA, name, said, "set NREM_PARTITIONS to what is there; only topics made anew get another number"
        )
    if found.copies < settings.replication:
        said = f"{found.copies} copies, the settings say {settings.replication}"
        yield problem(AREA, name, said, "kafka-reassign-partitions.sh, or topics made anew: nrem republish")
    if found.copies >= _SAFE_COPIES and in_sync < _SAFE_IN_SYNC:
        do = f"kafka-configs.sh --alter --topic {name} --add-config min.insync.replicas={_SAFE_IN_SYNC}"
        yield problem(AREA, name, f"acknowledged by one of {found.copies} copies (min.insync.replicas={in_sync})", do)
