"""How a command on submissions fails, and the conditions that all of them share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.refusals import Refusal

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.stream import Stream
    from nrem_intake.submissions.streams import Known

T = TypeVar("T")

Why = Literal["refused", "conflict", "changed_meanwhile", "revision_required", "unknown"]

#: Which revision the asker saw; `"any"` = whatever it is now.
Seen = int | Literal["any"] | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one request of a command failed; `place` is its number, pointers of `refused` are into what was sent."""

    place: int
    why: Why
    errors: tuple[Refusal, ...]


class Failed(Exception):
    """A command was refused as a whole: everything wrong with each of its requests."""

    def __init__(self, *failures: Failure) -> None:
        self.failures = failures
        super().__init__("; ".join(f"{f.place} {f.why}: {', '.join(e.code for e in f.errors)}" for f in failures))


def check_revision(stream: Stream, seen: Seen, *, is_first: bool = False) -> None:
    """Whoever changes a stream says which revision was seen; only the first submission has none. Raises Failed."""
    if seen is None and not (is_first and stream.revision == 0):
        raise Failed(Failure(0, "revision_required", (Refusal("", "revision_required"),)))
    if (seen == "any" and stream.revision == 0) or (isinstance(seen, int) and seen != stream.revision):
        parameters = {"revision": str(stream.revision)}
        raise Failed(Failure(0, "changed_meanwhile", (Refusal("", "changed_meanwhile", parameters),)))


def expected(found: Known | None) -> Known:
    """The stream, if its period exists and the member owes it. Raises Failed."""
    if found is None:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    if not found.owed:
        raise Failed(Failure(0, "conflict", (Refusal("", "not_owed"),)))
    return found


def checked(command: Callable[[], T]) -> T:
    """What the domain decides. Raises Failed where it does not allow it."""
    try:
        return command()
    except Unacceptable as error:
        raise Failed(Failure(0, "refused", error.errors)) from error
    except NotAllowed as error:
        raise Failed(Failure(0, "conflict", (Refusal("", error.code, error.parameters),))) from error
