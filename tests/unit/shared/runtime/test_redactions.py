"""A fact told again after a redaction is heard as the earlier fact, at its old place in time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nrem_shared import schemas
from nrem_shared.contracts.operations import FactRedacted
from nrem_shared.contracts.submissions import SubmissionSubmitted
from nrem_shared.runtime.projection.events import NewerVersion, NotUnderstood, decode, told

pytestmark = pytest.mark.unit

EXAMPLE = Path(schemas.__file__).parents[2] / "examples" / "nrem.submission.redacted.v1.json"


def record(**changes: Any) -> bytes:
    document = json.loads(EXAMPLE.read_text("utf-8"))
    document["data"] |= changes
    return json.dumps(document).encode()


def test_handlers_hear_the_earlier_fact() -> None:
    event = decode(record())
    assert isinstance(event.data, FactRedacted)
    heard = told(event)
    assert isinstance(heard.data, SubmissionSubmitted)
    assert (heard.type, heard.revision, heard.rewrites) == ("nrem.submission.submitted.v1", 1, event.data.told)
    assert heard.recorded_at == event.data.recorded_at
    assert (heard.id, heard.position) == (event.id, event.position)


def test_every_other_event_is_heard_as_it_is() -> None:
    path = EXAMPLE.with_name("nrem.submission.accepted.v1.json")
    event = decode(path.read_bytes())
    assert told(event) is event


def test_what_the_earlier_contract_does_not_accept_is_not_understood() -> None:
    with pytest.raises(NotUnderstood) as error:
        decode(record(data={"period": "2026-Q1"}))
    assert (error.value.cause, error.value.event_type) == ("contract", "nrem.submission.submitted.v1")
    assert error.value.envelope is not None
    assert error.value.envelope.position == 52


def test_an_earlier_fact_of_a_newer_version_stops_the_consumer() -> None:
    with pytest.raises(NewerVersion):
        decode(record(type="nrem.submission.submitted.v2"))
    with pytest.raises(NotUnderstood) as error:
        decode(record(type="nrem.nobody.knows.v1"))
    assert error.value.cause == "unknown-type"
