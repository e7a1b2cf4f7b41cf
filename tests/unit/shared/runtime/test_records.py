"""From records to events, and from streams to partitions."""

from __future__ import annotations

import json

import pytest
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.runtime.projection.batch import decode_batch
from nrem_shared.runtime.projection.events import ERASED, NewerVersion, NotUnderstood, decode
from nrem_shared.runtime.relay import partition_of
from support.records import Journal, Sent, received

GOOD = Journal().label("vp", 1, "VP")


def with_fields(**fields: object) -> bytes:
    return json.dumps({**json.loads(GOOD.value), **fields}).encode()


def test_a_record_is_decoded_to_the_model_of_its_type() -> None:
    event = decode(GOOD.value)
    assert isinstance(event.data, InstitutionRegistered)
    assert (event.subject, event.revision, event.position, event.prev) == ("member/vp", 1, 1, 0)


def test_a_redacted_payload_is_an_event_without_data() -> None:
    assert decode(with_fields(data=None)).data is None


def test_fields_that_a_later_release_adds_are_passed_over() -> None:
    later = json.loads(GOOD.value)
    later["newextension"] = "x"
    later["data"]["new_field"] = {"a": 1}
    assert decode(json.dumps(later).encode()) == decode(GOOD.value)


@pytest.mark.parametrize(
    ("value", "cause", "has_place"),
    [
        (b"", "envelope", False),
        (b"[]", "envelope", False),
        (with_fields(specversion="0.3"), "envelope", False),
        (with_fields(revision=0), "envelope", False),
        (with_fields(type="com.example.x"), "unknown-type", True),
        (with_fields(type="nrem.unknown.thing.v1"), "unknown-type", True),
        (with_fields(type="nrem.institution.registered.v0"), "unknown-type", True),
        (with_fields(data={}), "contract", True),
    ],
)
def test_what_is_not_understood_says_why_and_where_it_stands(value: bytes, cause: str, has_place: bool) -> None:
    with pytest.raises(NotUnderstood) as caught:
        decode(value)
    assert caught.value.cause == cause
    assert (caught.value.envelope is not None) is has_place


def test_the_reason_never_repeats_what_was_sent() -> None:
    with pytest.raises(NotUnderstood) as caught:
        decode(with_fields(data={"code": "Jānis Bērziņš", "abbreviation": 5}))
    assert "code: string_pattern_mismatch" in str(caught.value)
    assert "Jānis" not in str(caught.value)


def test_a_newer_version_is_no_dead_letter() -> None:
    with pytest.raises(NewerVersion, match=r"nrem\.institution\.registered\.v2"):
        decode(with_fields(type="nrem.institution.registered.v2"))


def records(*sent: Sent) -> list:
    return [received("p.nrem.members", one.partition, n, one.key, one.value) for n, one in enumerate(sent)]


def test_a_batch_ends_before_a_newer_version() -> None:
    newer = Sent(0, b"k", with_fields(type="nrem.institution.registered.v9"))
    batch = decode_batch(records(GOOD, newer, GOOD), "p.")
    assert batch.offsets == {("nrem.members", 0): 1}
    assert batch.halt is not None


def test_a_batch_ends_after_the_limit_of_dead_letters() -> None:
    batch = decode_batch(records(GOOD, *[Sent(0, b"k", b"junk")] * 5), "p.", letter_limit=3)
    assert batch.offsets == {("nrem.members", 0): 4}
    assert batch.halt is not None


def test_a_tombstone_is_an_event_that_erases() -> None:
    record = received("nrem.contacts", 0, 5, b"contact/c1", None)
    [one] = decode_batch([record], "").received
    assert one.event is not None
    assert (one.event.type, one.event.subject, one.position) == (ERASED, "contact/c1", 0)


@given(st.binary(min_size=1), st.integers(1, 64))
def test_streams_go_where_any_kafka_producer_would_put_them(key: bytes, partitions: int) -> None:
    every = list(range(partitions))
    assert partition_of(key, partitions) == DefaultPartitioner()(key, every, every)


@given(st.binary())
def test_no_bytes_break_decoding(value: bytes) -> None:
    with pytest.raises((NotUnderstood, NewerVersion)):
        decode(value)
