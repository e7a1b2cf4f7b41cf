"""The published schemas are what the contracts say, and one example per event type is valid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from nrem_shared import schemas
from nrem_shared.contracts.registry import EVENT_TYPES, KNOWN_VERSIONS, version_of
from nrem_shared.contracts.topics import TOPICS
from nrem_shared.runtime.projection.events import decode
from nrem_shared.runtime.reading import STREAM_TOPICS, check_stream_topics

SHARED = Path(schemas.__file__).parents[2]
EXAMPLES = SHARED / "examples"
SERVICES = {"intake", "statistics", "plan-tracker", "notifier", "each"}


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return found


def test_schemas_regenerate_unchanged() -> None:
    assert schemas.differences(schemas.FOLDER) == []


def test_what_differs_is_named_and_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert schemas.main(["--folder", str(tmp_path / "new")]) == 0
    folder = tmp_path / "new"
    assert schemas.main(["--check", "--folder", str(folder)]) == 0
    (folder / "nrem.plan.adopted.v1.json").unlink()
    (folder / "asyncapi.json").write_text("{}")
    (folder / "nrem.gone.away.v1.json").write_text("{}")
    capsys.readouterr()
    assert schemas.main(["--check", "--folder", str(folder)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "nrem.plan.adopted.v1.json is missing: run `make schemas`",
        "nrem.gone.away.v1.json belongs to no event type: run `make schemas`",
        "asyncapi.json is out of date: run `make schemas`",
    ]
    schemas.main(["--folder", str(folder)])
    assert schemas.differences(folder) == []


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_example_of_each_event_type_fits_model_and_schema(name: str) -> None:
    kind, document = EVENT_TYPES[name], example(name)
    schema = json.loads((schemas.FOLDER / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(document)
    event = decode(json.dumps(document).encode())
    assert event.type == name
    assert type(event.data) is kind.model
    # An example shows every field there is, so that a reader sees the whole of it.
    assert document["data"] == json.loads(event.data.model_dump_json())


def test_every_version_that_ever_had_an_example_is_still_understood() -> None:
    for path in EXAMPLES.glob("*.json"):
        decode(path.read_bytes())


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_event_type_has_its_place(name: str) -> None:
    kind = EVENT_TYPES[name]
    assert kind.name == name
    assert version_of(name) is not None
    assert kind.service in SERVICES
    assert kind.topic is None or kind.topic in TOPICS
    assert kind.model.__doc__


def test_the_newest_version_of_each_is_known() -> None:
    assert KNOWN_VERSIONS["nrem.submission.accepted"] == 1
    assert {f"{noun}.v{version}" for noun, version in KNOWN_VERSIONS.items()} <= set(EVENT_TYPES)
    assert version_of("com.example.thing") is None


def test_a_topic_is_written_by_one_service_alone() -> None:
    writers: dict[str, set[str]] = {}
    for kind in EVENT_TYPES.values():
        if kind.topic and kind.service != "each":
            writers.setdefault(kind.topic, set()).add(kind.service)
    assert all(len(services) == 1 for services in writers.values()), writers


def test_every_stream_is_waited_for_on_the_topic_its_events_are_sent_to() -> None:
    check_stream_topics()
    for name, kind in EVENT_TYPES.items():
        if kind.topic and kind.service != "each":
            stream = example(name)["subject"].partition("/")[0]
            assert STREAM_TOPICS.get(stream) == kind.topic, f"{name} of the stream {stream}/…"


def test_asyncapi_lists_every_topic_and_every_event_sent() -> None:
    document = json.loads((schemas.FOLDER / "asyncapi.json").read_text("utf-8"))
    assert set(document["channels"]) == set(TOPICS)
    sent = {name for name, kind in EVENT_TYPES.items() if kind.topic}
    assert set(document["components"]["messages"]) == sent
    for name in sent:
        assert name in document["channels"][EVENT_TYPES[name].topic]["messages"]
