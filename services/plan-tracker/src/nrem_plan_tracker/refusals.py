"""Why a command is refused, as the domain says it: where, which code, which values; texts are in the catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

#: `invalid`: what was sent is wrong (422); `conflict`: the present state does not allow it (409); `unknown`: 404.
Why = Literal["invalid", "conflict", "unknown"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing wrong. `pointer` is a JSON pointer into what was sent; `values` fill the text `refusal.<code>`."""

    pointer: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


class Refused(Exception):
    """A command that changes nothing, with every reason."""

    def __init__(self, why: Why, refusals: Iterable[Refusal]) -> None:
        self.why = why
        self.refusals = tuple(refusals)
        super().__init__(f"{why}: {', '.join(f'{one.pointer} {one.code}' for one in self.refusals)}")


def invalid(refusals: Iterable[Refusal]) -> None:
    """Raise Refused where there is any refusal."""
    listed = tuple(refusals)
    if listed:
        raise Refused("invalid", listed)


def conflict(code: str, **values: object) -> Refused:
    """The present state does not allow it."""
    return Refused("conflict", [Refusal("", code, values)])


def unknown(code: str, **values: object) -> Refused:
    """What was named does not exist, or is somebody else's."""
    return Refused("unknown", [Refusal("", code, values)])
