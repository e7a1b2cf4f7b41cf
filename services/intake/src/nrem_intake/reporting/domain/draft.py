"""The draft of a report: what may happen to it, and what nobody overwrites without knowing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from nrem_shared.contracts.submissions import SECTIONS, SubmissionContent

State = Literal["open", "awaiting_signature", "discarded"]

#: The order in which the form asks: what was done, then figures, then what comes.
ORDER = ("activities", "observations", "plan_progress", "future_plans", "challenges", "funding")


@dataclass(frozen=True, slots=True)
class Saved:
    """The last time a section was saved; `finished` = whoever saved it went on, `revision` counts its saves."""

    revision: int
    by: str
    at: datetime
    finished: bool


@dataclass(frozen=True, slots=True)
class PutAside:
    """What a draft held at `revision` before something else took its place, or it was discarded, at `at`."""

    document: Mapping[str, Any]
    sections: Mapping[str, Saved]
    at: datetime
    revision: int

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """(section, number of its items), of those that hold any."""
        return tuple((name, len(self.document[name])) for name in ORDER if self.document.get(name))


@dataclass(frozen=True, slots=True)
class Draft:
    """`revision` 0 = nothing was saved yet. `stream_revision` = what the stream was at when it was begun.

    `document` has the shape of a submission's content, with raw text where something cannot be read yet. `note` is what
    the authorised officer said when sending it back; `aside` what can be had back, newest first.
    """

    period: str
    member: str
    revision: int = 0
    stream_revision: int = 0
    document: Mapping[str, Any] = field(default_factory=dict)
    sections: Mapping[str, Saved] = field(default_factory=dict)
    state: State = "open"
    prepared_by: str | None = None
    note: str | None = None
    aside: tuple[PutAside, ...] = ()

    def items(self, section: str) -> list[dict[str, Any]]:
        """What a section holds."""
        found: list[dict[str, Any]] = self.document.get(section) or []
        return found

    def section_revision(self, section: str) -> int:
        """How often the section was saved."""
        saved = self.sections.get(section)
        return saved.revision if saved else 0

    @property
    def empty(self) -> bool:
        """Whether no section holds anything."""
        return not any(self.items(section) for section in SECTIONS)

    def content(self) -> dict[str, Any]:
        """The document to validate and submit."""
        if self.document.get("nothing_to_report"):
            return {"nothing_to_report": True}
        return {"nothing_to_report": False, **{section: self.items(section) for section in SECTIONS}}


class Changed(Exception):
    """Somebody else saved the section in between; `draft` is what there is now."""

    def __init__(self, section: str, draft: Draft) -> None:
        super().__init__(section)
        self.section = section
        self.draft = draft


class Locked(Exception):
    """The draft waits for its signature, or is not in the state that the command is about."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


def begin(period: str, member: str, stream_revision: int, returned: SubmissionContent | None) -> Draft:
    """A new draft: empty, or what was returned (or taken back), to be mended."""
    document = returned.model_dump(mode="json", exclude_none=True) if returned else {}
    return Draft(
        period, member, stream_revision=stream_revision, document={name: document.get(name, []) for name in SECTIONS}
    )


def save(
    draft: Draft, section: str, items: list[dict[str, Any]], seen: int, by: str, now: datetime, *, finished: bool
) -> Draft:
    """Put `items` in place of the section's. Raises Changed where `seen` is not its revision, Locked."""
    check_state(draft, "open")
    if draft.section_revision(section) != seen:
        raise Changed(section, draft)
    saved = Saved(seen + 1, by, now, finished)
    return replace(
        draft,
        revision=draft.revision + 1,
        document={**draft.document, section: items, "nothing_to_report": False},
        sections={**draft.sections, section: saved},
    )


def hand_over(draft: Draft, by: str, *, nothing: bool = False) -> Draft:
    """The focal point is done; the authorised officer signs the draft, or that there is `nothing`. Raises Locked."""
    check_state(draft, "open")
    document = {**draft.document, "nothing_to_report": nothing}
    return replace(
        draft, revision=draft.revision + 1, document=document, state="awaiting_signature", prepared_by=by, note=None
    )


def send_back(draft: Draft, note: str | None) -> Draft:
    """To be mended: by the officer with a note, or taken back by those who prepared it. Raises Locked."""
    check_state(draft, "awaiting_signature")
    return replace(draft, revision=draft.revision + 1, state="open", note=note, prepared_by=None)


def discard(draft: Draft) -> Draft:
    """Put it away; it can be had back. Raises Locked."""
    check_state(draft, "open")
    return replace(draft, revision=draft.revision + 1, state="discarded")


def check_state(draft: Draft, state: State) -> None:
    """Raises Locked where the draft is in another state."""
    if draft.state != state:
        raise Locked(draft.state)
