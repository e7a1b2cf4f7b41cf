"""What a session is, and which step comes next on the way in. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_intake.identity.people.domain import Standing

Way = Literal["demonstration", "link", "provider"]

#: `role` = choose whom to be, `code` = a one-time code, `enrol` = set one-time codes up; tokens from `complete` on.
Step = Literal["role", "code", "enrol", "complete"]

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Macintosh", "Linux")


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on the way in, or in. `address` null = stepped into a role of the demonstration."""

    way: Way
    step: Step
    subject: str
    roles: frozenset[str]
    member: str | None
    display: str
    address: str | None = None
    contact: UUID | None = None
    contributor: UUID | None = None
    sections: frozenset[str] = frozenset()
    language: str = "lv"
    second_factor_at: datetime | None = None
    agent: str = ""
    return_to: str = ""


def arrived(address: str, way: Way, agent: str, return_to: str) -> Entry:
    """Somebody has shown that the address is theirs; who they are here is not decided."""
    return Entry(way, "role", "anonymous", frozenset(), None, "", address.lower(), agent=agent, return_to=return_to)


def as_standing(entry: Entry, standing: Standing, *, enrolled: bool, required: frozenset[str]) -> Entry:
    """The entry as one of its standings: in, or a second factor before that.

    `enrolled` = the person has a second factor; `required` = roles that must have one.
    """
    step: Step = "complete"
    if entry.second_factor_at is None and enrolled:
        step = "code"
    elif entry.second_factor_at is None and standing.role in required:
        step = "enrol"
    return replace(
        entry,
        step=step,
        subject=standing.subject,
        roles=frozenset({standing.role}),
        member=standing.member,
        display=standing.display,
        contact=standing.contact,
        contributor=standing.contributor,
        sections=standing.sections,
        language=standing.language,
    )


def only(standings: Sequence[Standing]) -> Standing | None:
    """The one there is; null where there is a choice."""
    return standings[0] if len(standings) == 1 else None


def browser_named(user_agent: str) -> str:
    """A browser in words that its user recognises: `Firefox, Windows`. Empty where it tells nothing."""
    name = next((name for token, name in _BROWSERS if re.search(rf"\b{token}\w*/", user_agent)), "")
    system = next((each for each in _SYSTEMS if each in user_agent), "").replace("Macintosh", "macOS")
    return ", ".join(filter(None, (name, system)))
