"""Just enough of three protocols to see where one message ends and the next begins."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Literal, Protocol

PRODUCE, OFFSET_COMMIT = 0, 8
_SSL_REQUEST = 80_877_103


@dataclass(frozen=True, slots=True)
class Frame:
    """One message as it stands on the wire. `api` is Kafka's number of the request, or of the one it answers."""

    data: bytes
    api: int | None = None
    number: int | None = None


class Splitter(Protocol):
    """Takes what was read from one direction of one connection, gives the whole messages in it."""

    def split(self, data: bytes) -> list[Frame]:
        """Messages that are whole now; what is left waits for more."""
        ...


class Pieces:
    """No messages: whatever was read at once (SMTP's commands and answers are written at once)."""

    def split(self, data: bytes) -> list[Frame]:
        """All of it."""
        return [Frame(data)]


@dataclass
class KafkaFrames:
    """Length, then the request's number (asked) or the number of the request it answers."""

    side: Literal["asked", "answered"]
    asked: dict[int, int]
    _rest: bytearray = field(default_factory=bytearray)

    def split(self, data: bytes) -> list[Frame]:
        """Whole frames, each with the API it belongs to."""
        self._rest += data
        frames = []
        while len(self._rest) >= 4 and len(self._rest) >= 4 + (size := struct.unpack_from(">i", self._rest)[0]):
            one = bytes(self._rest[: 4 + size])
            del self._rest[: 4 + size]
            frames.append(self._frame(one))
        return frames

    def _frame(self, one: bytes) -> Frame:
        if self.side == "asked":
            api, _version, number = struct.unpack_from(">hhi", one, 4)
            self.asked[number] = api
            return Frame(one, api, number)
        (number,) = struct.unpack_from(">i", one, 4)
        return Frame(one, self.asked.pop(number, None), number)


@dataclass
class PostgresFrames:
    """A type and a length, but for the first messages: no type when asking, one letter in answer to "TLS?"."""

    side: Literal["asked", "answered"]
    state: dict[str, bool]  # shared by both directions: "tls" = the answer is one letter
    _begun: bool = False
    _rest: bytearray = field(default_factory=bytearray)

    def split(self, data: bytes) -> list[Frame]:
        """Whole messages."""
        self._rest += data
        frames = []
        while (size := self._size()) is not None and len(self._rest) >= size:
            frames.append(Frame(bytes(self._rest[:size])))
            del self._rest[:size]
        return frames

    def _size(self) -> int | None:
        """Bytes of the next message; null while that is not known."""
        if self.side == "answered" and self.state.get("tls") and self._rest:
            self.state["tls"] = False
            return 1
        if self.side == "asked" and not self._begun:
            if len(self._rest) < 8:
                return None
            size, code = struct.unpack_from(">ii", self._rest)
            self.state["tls"] = code == _SSL_REQUEST
            self._begun = code != _SSL_REQUEST
            return int(size)
        if len(self._rest) < 5:
            return None
        return 1 + int(struct.unpack_from(">i", self._rest, 1)[0])


def splitter_of(protocol: str) -> tuple[Splitter, Splitter]:
    """Both directions of a new connection: asked, answered."""
    if protocol == "kafka":
        asked: dict[int, int] = {}
        return KafkaFrames("asked", asked), KafkaFrames("answered", asked)
    if protocol == "postgres":
        state: dict[str, bool] = {}
        return PostgresFrames("asked", state), PostgresFrames("answered", state)
    return Pieces(), Pieces()
