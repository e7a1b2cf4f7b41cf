"""What a version says beside the previous answer: item by item, field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nrem_intake.submissions.domain.content_view import Item, sections_of
from nrem_intake.submissions.domain.item_keys import keyed
from nrem_intake.submissions.domain.labels import Labels, Text, both
from nrem_shared.contracts.base import Contract, LocalizedText
from nrem_shared.contracts.submissions import SECTIONS, ReasonForReturn, SubmissionContent

What = Literal["added", "changed", "removed", "same"]

#: Sections that tell each quarter anew: beside an earlier quarter there is nothing to compare.
_EACH_QUARTER = frozenset({"activities", "funding"})

#: Field → code list whose codes it takes, by section.
_LISTS: Mapping[str, Mapping[str, str]] = {
    "activities": {"type": "activity_type", "audience": "audience", "languages": "language"},
    "plan_progress": {"status": "action_status"},
    "future_plans": {"outcome": "plan_outcome"},
    "challenges": {"state": "challenge_state"},
    "funding": {"source": "funding_source", "purpose": "funding_purpose"},
}
_NOT_SHOWN = frozenset({"indicator"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an item; null = it was, or is, left out. `old` and `new` are numbers, texts or yes and no."""

    name: str
    old: Text | int | float | bool | None
    new: Text | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One item beside what was said before. `key` names it in every version; a removed one has no place in this one."""

    key: str
    item: Item
    what: What
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """The items of one section: those of this version in their order, then what is no longer there."""

    name: str
    compared: bool
    rows: tuple[Compared, ...]

    def count(self, what: What) -> int:
        """How many items of a sort there are."""
        return sum(1 for row in self.rows if row.what == what)


def compare(
    content: SubmissionContent,
    before: SubmissionContent | None,
    labels: Labels,
    *,
    same_quarter: bool,
    reasons: Iterable[ReasonForReturn] = (),
) -> tuple[ComparedSection, ...]:
    """Every section that has items, now or before. `before` null = there is nothing to compare with.

    `reasons` are those for which the version before was returned; they stand with the items that they were about.
    """
    items = {item.pointer: item for section in sections_of(content, labels) for item in section.items}
    said = tuple(reasons) if same_quarter else ()
    past = {item.pointer: item for s in sections_of(before or _NOTHING, labels, said) for item in s.items}
    sections = (
        _section(name, content, before, labels, items, past, same_quarter or name not in _EACH_QUARTER)
        for name in SECTIONS
    )
    return tuple(section for section in sections if section.rows)


_NOTHING = SubmissionContent()


def _section(
    name: str,
    content: SubmissionContent,
    before: SubmissionContent | None,
    labels: Labels,
    items: Mapping[str, Item],
    past: Mapping[str, Item],
    comparable: bool,
) -> ComparedSection:
    now = keyed(content, name)
    compares = comparable and before is not None
    then = keyed(before, name) if compares and before is not None else {}
    rows = [_row(name, key, items[at], item, then.get(key), past, labels, compares) for key, (at, item) in now.items()]
    rows += [Compared(key, past[at], "removed") for key, (at, _) in then.items() if key not in now]
    return ComparedSection(name, compares, tuple(rows))


def _row(
    section: str,
    key: str,
    item: Item,
    new: Contract,
    then: tuple[str, Contract] | None,
    past: Mapping[str, Item],
    labels: Labels,
    compares: bool,
) -> Compared:
    if then is None:
        return Compared(key, item, "added" if compares else "same")
    changes = _changes(section, then[1], new, labels)
    with_reasons = Item(
        item.pointer, item.label, item.details, item.value, item.empty, item.money, past[then[0]].reasons
    )
    return Compared(key, with_reasons, "changed" if changes else "same", changes)


def _changes(section: str, old: Contract, new: Contract, labels: Labels) -> tuple[FieldChange, ...]:
    fields = [name for name in type(new).model_fields if name not in _NOT_SHOWN]
    return tuple(
        FieldChange(name, _shown(section, name, was, labels), _shown(section, name, is_, labels))
        for name in fields
        if (was := getattr(old, name)) != (is_ := getattr(new, name))
    )


def _shown(section: str, name: str, value: Any, labels: Labels) -> Text | int | float | bool | None:
    """A field's value as a person reads it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, LocalizedText):
        return both(value)
    if isinstance(value, tuple):
        return _joined([_shown(section, name, each, labels) for each in value])
    if isinstance(value, Contract):
        return _joined([_shown(section, each, getattr(value, each), labels) for each in type(value).model_fields])
    return _named(section, name, str(value), labels)


def _named(section: str, name: str, value: str, labels: Labels) -> Text:
    if name in ("partners", "on_behalf_of"):
        return labels.member(value)
    if name == "project_code":
        return labels.projects.get(value, value)
    codes = _LISTS.get(section, {}).get(name)
    return labels.code(codes, value) if codes else value


def _joined(values: list[Text | int | float | bool | None]) -> Text | None:
    """Several values in one text, in both languages; null where there are none."""
    texts = [value for value in values if value is not None and value is not False]
    if not texts:
        return None

    def of(language: str) -> str:
        return ", ".join(text[language] if isinstance(text, Mapping) else _short(text) for text in texts)

    return {"lv": of("lv"), "en": of("en")}


def _short(value: str | float | bool) -> str:
    """A value among others: yes as a tick, a whole number without decimals."""
    if value is True:
        return "✓"
    return f"{value:g}" if isinstance(value, float) else str(value)
