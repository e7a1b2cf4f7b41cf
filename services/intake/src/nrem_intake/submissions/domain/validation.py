"""Whether a document is a valid submission; if not, every reason why, all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from nrem_intake.submissions.domain import activities, outlook, plan_progress
from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.fields import Shape, check_item
from nrem_intake.submissions.domain.figures import Accumulated
from nrem_intake.submissions.domain.observations import check_observations
from nrem_intake.submissions.domain.refusals import Findings, Refusal, step
from nrem_intake.submissions.domain.watch import LetPass, Watch
from nrem_shared.contracts.submissions import SECTIONS, SubmissionContent

#: Fields of the exchange file around the content: facts that the service knows itself, not looked at.
EXCHANGE_FIELDS = frozenset({"id", "version", "submitted_at", "decision"})

_FIELDS = frozenset({"nothing_to_report", "period", "member", *SECTIONS, *EXCHANGE_FIELDS})


@dataclass(frozen=True, slots=True)
class Valid:
    """The document may be submitted; this is its content."""

    content: SubmissionContent


@dataclass(frozen=True, slots=True)
class Refused:
    """The document may not be submitted. Pointers are relative to it; by pointer, then by code."""

    errors: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """How the items of a section are checked: field by field, then together; `key` fields name an item."""

    shape: Shape
    at_most: int
    together: Callable[[Findings, str, dict[str, Any], str, Catalogue], None] | None = None
    key: tuple[str, ...] = ()


_SECTIONS = {
    "activities": _Section(activities.ACTIVITY, activities.MOST_ACTIVITIES, activities.check_activity, key=("code",)),
    "plan_progress": _Section(
        plan_progress.PROGRESS,
        plan_progress.MOST_PROGRESS,
        plan_progress.check_progress,
        key=("result", "on_behalf_of"),
    ),
    "future_plans": _Section(outlook.FUTURE_PLAN, outlook.MOST_PLANS, outlook.check_future_plan, key=("code",)),
    "challenges": _Section(outlook.CHALLENGE, outlook.MOST_CHALLENGES, key=("code",)),
    "funding": _Section(outlook.FUNDING, outlook.MOST_FUNDING),
}


def validate(
    document: Any,
    *,
    period: str,
    member: str,
    catalogue: Catalogue,
    before: Accumulated,
    let_pass: tuple[LetPass, ...] = (),
) -> Valid | Refused:
    """Check `document` (parsed JSON) as the submission of `member` for `period`.

    `catalogue` is that of the period; `before` the sums of what the member had accepted for earlier quarters;
    `let_pass` texts that the guard of personal data lets through. An error in one item never hides those of another.
    """
    found = Findings(Watch(catalogue.allowed, let_pass))
    if not isinstance(document, dict):
        found.add("", "malformed", expected="object")
        return Refused(found.sorted())
    for name in document:
        if name not in _FIELDS:
            found.unknown_field("", str(name))
    _check_stream(found, document, period, member)
    _check_emptiness(found, document)
    items = _items(found, document, "observations")
    if items:
        check_observations(found, items, member, catalogue, before)
    for name, section in _SECTIONS.items():
        items = _items(found, document, name)
        if items:
            _check_section(found, name, section, items, member, catalogue)
    return Refused(found.sorted()) if found else _content(document)


def _check_stream(found: Findings, document: dict[str, Any], period: str, member: str) -> None:
    """A file that says for which period and member it is has to be for these."""
    for name, expected in (("period", period), ("member", member)):
        if name in document and document[name] != expected:
            found.add(f"/{name}", "other_stream", own=expected)


def _check_emptiness(found: Findings, document: dict[str, Any]) -> None:
    """Either something is reported or it is said that there is nothing; never both, never neither."""
    nothing = document.get("nothing_to_report", False)
    if not isinstance(nothing, bool):
        found.add("/nothing_to_report", "malformed", expected="yes_no")
        return
    content = any(document.get(name) for name in SECTIONS)
    if not content and not nothing:
        found.add("/nothing_to_report", "empty")
    if content and nothing:
        found.add("/nothing_to_report", "not_empty")


def _items(found: Findings, document: dict[str, Any], section: str) -> list[Any]:
    """The items of a section; none where it is left out."""
    items = document.get(section, ())
    if isinstance(items, list):
        return items
    if items != ():
        found.add(f"/{section}", "malformed", expected="list")
    return []


def _check_section(
    found: Findings, name: str, section: _Section, items: list[Any], member: str, catalogue: Catalogue
) -> None:
    if len(items) > section.at_most:
        found.add(f"/{name}", "too_many", limit=str(section.at_most), given=str(len(items)))
    seen: dict[tuple[str, ...], str] = {}
    for place, item in enumerate(items[: section.at_most]):
        at = f"/{name}/{place}"
        if not check_item(found, at, item, section.shape, catalogue):
            continue
        if section.together:
            section.together(found, at, item, member, catalogue)
        if section.key and isinstance(item.get(section.key[0]), str):
            first = seen.setdefault(tuple(str(item.get(part)) for part in section.key), at)
            if first != at:
                found.add(at, "duplicate_key", first=first)


def _content(document: dict[str, Any]) -> Valid | Refused:
    """The contract has the last word: what the rules above let through and it does not is malformed."""
    try:
        return Valid(SubmissionContent.model_validate(document))
    except ValidationError as error:
        found = Findings()
        for detail in error.errors(include_input=False, include_url=False, include_context=False):
            place = "".join(step(part) for part in detail["loc"] if _resolves(part))
            found.add(place, "malformed", expected="contract")
        return Refused(found.sorted())


def _resolves(part: int | str) -> bool:
    return isinstance(part, int) or part.isidentifier()
