"""The others' facts as this service holds them: every revision of every stream that obligations depend on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.members import InstitutionRegistered

Data = TypeVar("Data", bound=Contract)


@dataclass(frozen=True, slots=True)
class Revision:
    """One event of a stream, without what obligations have no use for."""

    subject: str
    revision: int
    recorded_at: datetime
    data: Contract


@dataclass(frozen=True)
class Facts:
    """Stream → its revisions in order; in whatever order they arrived, the same facts are equal."""

    streams: Mapping[str, tuple[Revision, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, revisions: Iterable[Revision]) -> Facts:
        """Sort revisions into their streams; one that came twice counts once."""
        streams: dict[str, dict[int, Revision]] = {}
        for one in revisions:
            streams.setdefault(one.subject, {})[one.revision] = one
        return cls({subject: tuple(those[n] for n in sorted(those)) for subject, those in sorted(streams.items())})

    def of_kind(self, first: str) -> list[tuple[str, tuple[Revision, ...]]]:
        """The streams whose name begins with `first/`, in order of their names."""
        return [(s, r) for s, r in self.streams.items() if s.startswith(first + "/")]

    def newest(self, subject: str, kind: type[Data]) -> Data | None:
        """The newest state of a stream, where it is of this kind."""
        revisions = self.streams.get(subject, ())
        return next((one.data for one in reversed(revisions) if isinstance(one.data, kind)), None)

    @property
    def institutions(self) -> dict[str, InstitutionRegistered]:
        """All institutions as they stand now."""
        newest = (self.newest(subject, InstitutionRegistered) for subject, _ in self.of_kind("member"))
        return {one.code: one for one in newest if one is not None}
