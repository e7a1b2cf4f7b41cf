"""AsyncAPI 3.0 of everything on the bus, generated from the registry: channels, messages and their schemas."""

from __future__ import annotations

from typing import Any

from nrem_shared.contracts.envelope import Envelope
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.contracts.topics import TOPICS


def event_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one event type: the envelope with its `data`."""
    kind = EVENT_TYPES[name]
    schema = Envelope.model_json_schema(mode="serialization")
    data = kind.model.model_json_schema(mode="validation", ref_template="#/$defs/{model}")
    definitions = {**schema.pop("$defs", {}), **data.pop("$defs", {})}
    properties = {**schema["properties"], "type": {"const": name}, "data": {"anyOf": [data, {"type": "null"}]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://nrem.example/schemas/{name}.json",
        **schema,
        "title": name,
        "description": (kind.model.__doc__ or "").strip(),
        "properties": properties,
        **({"$defs": definitions} if definitions else {}),
    }


def document(version: str) -> dict[str, Any]:
    """The AsyncAPI document."""
    by_topic: dict[str, list[str]] = {name: [] for name in TOPICS}
    for kind in EVENT_TYPES.values():
        if kind.topic:
            by_topic[kind.topic].append(kind.name)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "NREM events",
            "version": version,
            "description": "CloudEvents 1.0 in JSON structured mode; the key of a record is its stream (`subject`).",
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            name: {
                "address": name,
                "messages": {event: {"$ref": f"#/components/messages/{event}"} for event in events},
                "bindings": {"kafka": {"topic": name, "topicConfiguration": TOPICS[name].configuration}},
            }
            for name, events in by_topic.items()
        },
        "operations": {
            f"send.{event}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{name}"},
                "summary": f"Decided by {EVENT_TYPES[event].service}",
                "messages": [{"$ref": f"#/channels/{name}/messages/{event}"}],
            }
            for name, events in by_topic.items()
            for event in events
        },
        "components": {
            "messages": {
                kind.name: {
                    "name": kind.name,
                    "title": kind.name,
                    "summary": (kind.model.__doc__ or "").strip().splitlines()[0],
                    "payload": {
                        "schemaFormat": "application/schema+json;version=draft-2020-12",
                        "schema": event_schema(kind.name),
                    },
                }
                for kind in EVENT_TYPES.values()
                if kind.topic
            }
        },
    }
