"""Why something a member or the coordinator sent is refused: every reason at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nrem_intake.submissions.domain.watch import STRICT, Watch
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
    """Collects refusals; one place and code is told once, of personal data every occurrence.

    `watch` says what the guard of free text lets through.
    """

    __slots__ = ("_found", "_watch")

    def __init__(self, watch: Watch = STRICT) -> None:
        self._found: dict[tuple[str, str, int], Refusal] = {}
        self._watch = watch

    def add(self, pointer: str, code: str, **parameters: str) -> None:
        """Note a reason; values of `parameters` are made quotable here and nowhere else."""
        safe = {name: personal_data.quotable(value) for name, value in parameters.items()}
        self._found.setdefault((pointer, code, 0), Refusal(pointer, code, safe))

    def guard(self, pointer: str, text: str) -> None:
        """Refuse every piece of personal data in a text: its kind, and where it begins (1 = first character)."""
        found = personal_data.find_all(text, self._watch.allowed)
        if not found or self._watch.lets_pass(text):
            return
        for one in found:
            parameters = {"position": str(one.start + 1), "kind": one.kind}
            key = (pointer, "personal_data", one.start)
            self._found.setdefault(key, Refusal(pointer, "personal_data", parameters))

    def unknown_field(self, at: str, name: str) -> None:
        """A field nobody asked for; a name that holds personal data is not repeated, its parent is named instead."""
        quoted = personal_data.quotable(name)
        self.add(at + step(name) if quoted == name else at, "unknown_field", field=quoted)

    def extend(self, refusals: Iterable[Refusal]) -> None:
        """Take over reasons found elsewhere."""
        for refusal in refusals:
            place = int(refusal.parameters["position"]) - 1 if refusal.code == "personal_data" else 0
            self._found.setdefault((refusal.pointer, refusal.code, place), refusal)

    def sorted(self) -> tuple[Refusal, ...]:
        """Everything found, by pointer and then by code."""
        return tuple(self._found[key] for key in sorted(self._found))

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self._found)
