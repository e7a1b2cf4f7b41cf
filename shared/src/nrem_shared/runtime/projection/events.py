"""From a Kafka record to an event, or to the reason why it is none."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from pydantic import ValidationError, create_model

from nrem_shared.contracts.envelope import Envelope
from nrem_shared.contracts.operations import FactRedacted
from nrem_shared.contracts.registry import EVENT_TYPES, KNOWN_VERSIONS, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nrem_shared.contracts.base import Contract


#: Type of the event that stands for a tombstone: what the stream said is erased. Its place stands in the headers.
ERASED = "nrem.stream.erased"

#: Where a relay of ours writes the type: before anything that others decide.
_TYPE = b'"type":"'
_NAMES = {name.encode(): name for name in EVENT_TYPES}

#: What an event takes of its envelope, in the order of its own fields.
_placed = attrgetter(
    "id", "type", "source", "subject", "revision", "position", "prev", "recordedat", "actor", "correlationid"
)


class Event(NamedTuple):
    """One event, validated. `data` is null where the payload was redacted.

    `rewrites` = the position of an earlier fact, told again here without what was redacted: what is kept of that one is
    to be replaced. 0 = an ordinary event. (A tuple: a frozen dataclass takes seven times as long to make.)
    """

    id: str
    type: str
    source: str
    subject: str
    revision: int
    position: int
    prev: int
    recorded_at: datetime
    actor: str
    correlation_id: str
    data: Contract | None
    rewrites: int = 0


class NotUnderstood(Exception):
    """A record that goes to the dead letters; `cause` is a short code, the text says what is wrong.

    `envelope` is there where at least that much could be read: the record was received, so it leaves no gap.
    """

    def __init__(
        self, cause: str, detail: str, event_type: str | None = None, envelope: Envelope | None = None
    ) -> None:
        super().__init__(detail)
        self.cause = cause
        self.event_type = event_type
        self.envelope = envelope


class NewerVersion(Exception):
    """A version of an event that this release does not know yet: the consumer stops and waits for an upgrade."""


def decode(value: bytes) -> Event:
    """The event in a record's value. Raises NotUnderstood or NewerVersion."""
    event = _in_one_pass(value) or _in_two_steps(value)
    if isinstance(event.data, FactRedacted):
        try:
            told(event)
        except NotUnderstood as error:  # received all the same: its place is known
            envelope = Envelope.model_validate_json(value)
            raise NotUnderstood(error.cause, str(error), error.event_type, envelope) from error
    return event


def told(event: Event) -> Event:
    """What handlers hear: of a redaction the earlier fact, as it is after it. Raises NotUnderstood or NewerVersion."""
    redacted = event.data
    if not isinstance(redacted, FactRedacted):
        return event
    kind = EVENT_TYPES.get(redacted.type) or _unknown(redacted.type, None)
    try:
        data = kind.model.model_validate(redacted.data)
    except ValidationError as error:
        raise NotUnderstood("contract", _summary(error), redacted.type) from error
    return event._replace(
        type=redacted.type,
        revision=redacted.revision,
        recorded_at=redacted.recorded_at,
        data=data,
        rewrites=redacted.told,
    )


def _in_one_pass(value: bytes) -> Event | None:
    """Envelope and payload validated together, in half the time; null where anything is not as expected."""
    begins = value.find(_TYPE) + len(_TYPE)
    kind = _NAMES.get(value[begins : value.find(b'"', begins)])
    if kind is None:
        return None
    try:
        envelope = _whole(kind)(value)
    except ValidationError:
        return None
    return _event(envelope, envelope.data) if envelope.type == kind else None


@cache
def _whole(kind: str) -> Callable[[bytes], Any]:
    """What reads and validates the envelope of one type of event together with its contract."""
    payload: Any = EVENT_TYPES[kind].model | None
    return create_model(kind, __base__=Envelope, data=(payload, ...)).__pydantic_validator__.validate_json


def _in_two_steps(value: bytes) -> Event:
    """First the envelope, then its payload: so it is known what of a record could be read."""
    try:
        envelope = Envelope.model_validate_json(value)
    except ValidationError as error:
        raise NotUnderstood("envelope", _summary(error)) from error
    kind = EVENT_TYPES.get(envelope.type) or _unknown(envelope.type, envelope)
    try:
        data = None if envelope.data is None else kind.model.model_validate(envelope.data)
    except ValidationError as error:
        raise NotUnderstood("contract", _summary(error), envelope.type, envelope) from error
    return _event(envelope, data)


def _event(envelope: Envelope, data: Any) -> Event:
    return Event._make((*_placed(envelope), data, 0))


def _unknown(type: str, envelope: Envelope | None) -> NoReturn:
    """Why there is no contract for it: it is newer than this release, or none of ours."""
    parsed = version_of(type)
    if parsed is not None and parsed[1] > KNOWN_VERSIONS.get(parsed[0], parsed[1]):
        raise NewerVersion(f"{type} is newer than this release knows; upgrade this service")
    name = type[:100]
    raise NotUnderstood("unknown-type", f"no contract for {name}", name, envelope)


def erased(key: bytes | None, headers: Mapping[str, bytes], at: datetime) -> Event:
    """A tombstone as an event: everything its stream said is to be forgotten.

    `headers` give its revision, position and prev; all 0 for a tombstone that no relay of ours sent.
    """
    subject = key.decode("utf-8", "replace") if key else ""
    revision, position, prev = (_number(headers.get(name)) for name in ("revision", "position", "prev"))
    return Event("", ERASED, "", subject, revision, position, prev, at, "", "", None)


def _number(header: bytes | None) -> int:
    return int(header) if header is not None and header.isdigit() else 0


def _summary(error: ValidationError) -> str:
    """Places and kinds of the errors, never the values: they may be somebody's data."""
    parts = [
        "/".join(map(str, e["loc"])) + ": " + e["type"] for e in error.errors(include_url=False, include_input=False)
    ]
    return "; ".join(parts)[:1000]
