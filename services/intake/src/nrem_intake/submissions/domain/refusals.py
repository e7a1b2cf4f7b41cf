"""Why something a member or the coordinator sent is refused: every reason at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nrem_shared.runtime import personal_data


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. `pointer` is a JSON pointer (RFC 6901) into what was sent; `code` names the message.

    `parameters` fill the message in; they never repeat personal data.
    """

    pointer: str
    code: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def under(self, prefix: str) -> Refusal:
        """The same reason, where the document stands at `prefix` of a larger one."""
        return Refusal(prefix + self.pointer, self.code, self.parameters)


def step(name: str | int) -> str:
    """One step of a JSON pointer: `/observations`, `/0`; `~` and `/` are escaped."""
    if isinstance(name, int):
        return f"/{name}"
    return "/" + name.replace("~", "~0").replace("/", "~1")


class Findings:
    """Collects refusals; one place and code is told once."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Refusal] = {}

    def add(self, pointer: str, code: str, **parameters: str) -> None:
        """Note a reason; values of `parameters` are made quotable here and nowhere else."""
        safe = {name: personal_data.quotable(value) for name, value in parameters.items()}
        self._found.setdefault((pointer, code), Refusal(pointer, code, safe))

    def unknown_field(self, at: str, name: str) -> None:
        """A field nobody asked for; a name that holds personal data is not repeated, its parent is named instead."""
        quoted = personal_data.quotable(name)
        self.add(at + step(name) if quoted == name else at, "unknown_field", field=quoted)

    def extend(self, refusals: Iterable[Refusal]) -> None:
        """Take over reasons found elsewhere."""
        for refusal in refusals:
            self._found.setdefault((refusal.pointer, refusal.code), refusal)

    def sorted(self) -> tuple[Refusal, ...]:
        """Everything found, by pointer and then by code."""
        return tuple(self._found[key] for key in sorted(self._found))

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self._found)
