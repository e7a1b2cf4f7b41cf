"""Where a proxy holds: between what a server did and what the process that asked for it hears."""

from __future__ import annotations

from collections.abc import Callable

from support.proxy import Passage
from support.wire import OFFSET_COMMIT, PRODUCE

Holds = Callable[[Passage], bool]
_ANSWER_TO_COMMIT = b"C\x00\x00\x00\x0bCOMMIT\x00"
_SYNC, _READY = b"S\x00\x00\x00\x04", b"Z\x00\x00\x00\x05"


def commit_answered(marker: bytes) -> Holds:
    """PostgreSQL has committed a transaction in which `marker` was sent; its answer is held."""
    return answered_after(marker, _ANSWER_TO_COMMIT)


def commit_asked(marker: bytes) -> Holds:
    """A transaction in which `marker` was sent is complete but for its commit, which PostgreSQL never gets to see."""
    return _asked_after(marker, lambda data: data[5:11].upper() == b"COMMIT")


def statement_answered(marker: bytes) -> Holds:
    """PostgreSQL has committed a statement in which `marker` was sent, a transaction of its own; its answer is held."""
    return answered_after(marker, _READY)


def statement_asked(marker: bytes) -> Holds:
    """Such a statement is carried out but for its commit: PostgreSQL never gets to see that nothing follows it."""
    return _asked_after(marker, lambda data: data == _SYNC)


def _asked_after(marker: bytes, names: Callable[[bytes], bool]) -> Holds:
    """A message that `names` tells, on a connection on which `marker` was sent, is on its way to the server."""
    marked: set[int] = set()

    def holds(passage: Passage) -> bool:
        if passage.side == "asked" and marker in passage.frame.data:
            marked.add(passage.link)
        return passage.side == "asked" and passage.link in marked and names(passage.frame.data)

    return holds


def asked(marker: bytes) -> Holds:
    """A message with `marker` is on its way to the server, which never gets to see it."""
    return lambda passage: passage.side == "asked" and marker in passage.frame.data


def produced(marker: bytes) -> Holds:
    """Kafka has acknowledged a record with `marker`; its answer is held."""
    numbers: set[tuple[int, int | None]] = set()

    def holds(passage: Passage) -> bool:
        frame = passage.frame
        if passage.side == "asked" and frame.api == PRODUCE and marker in frame.data:
            numbers.add((passage.link, frame.number))
        return passage.side == "answered" and (passage.link, frame.number) in numbers

    return holds


def offsets_committed(when: Callable[[], bool]) -> Holds:
    """A consumer is about to commit its offsets to Kafka, which never gets to see it; from `when` on."""
    return lambda passage: passage.side == "asked" and passage.frame.api == OFFSET_COMMIT and when()


def answered_after(marker: bytes, answer: bytes) -> Holds:
    """The server's `answer` to what was sent with, or after, `marker` is held."""
    marked: set[int] = set()

    def holds(passage: Passage) -> bool:
        if passage.side == "asked":
            if marker in passage.frame.data:
                marked.add(passage.link)
            return False
        return passage.link in marked and passage.frame.data.startswith(answer)

    return holds


def asked_any(*markers: bytes) -> Holds:
    """A message with one of the markers is on its way to the server, which never gets to see it."""
    return lambda passage: passage.side == "asked" and any(marker in passage.frame.data for marker in markers)
