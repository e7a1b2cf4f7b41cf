"""A submission's content as a page shows it: per section its items, each with its place and what was said about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from nrem_intake.submissions.domain.labels import Labels, Text, both
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import (
    Activity,
    Challenge,
    CorrectedFigure,
    Funding,
    FuturePlan,
    Observation,
    PlanProgress,
    ReasonForReturn,
    SubmissionContent,
)

T = TypeVar("T")

#: A detail: a text as submitted or a code's name; or a message id with such a text, a number or a day behind it.
Detail = Text | tuple[str, Text | int | float | date]


@dataclass(frozen=True, slots=True)
class Item:
    """One item: `value` is a number, `empty` says why there is none; both null where the item has no figure."""

    pointer: str
    label: Text
    details: tuple[Detail, ...] = ()
    value: int | float | None = None
    empty: str | None = None
    money: bool = False
    reasons: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one section, in the order they were sent."""

    name: str
    items: tuple[Item, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of a correction; null = was not, or is no longer, there."""

    label: Text
    details: tuple[Text, ...]
    old: int | str | None
    new: int | str | None
    reason: Text


def sections_of(
    content: SubmissionContent, labels: Labels, reasons: Iterable[ReasonForReturn] = ()
) -> tuple[Section, ...]:
    """Every section that has items."""
    said = tuple(reasons)
    return tuple(
        section
        for section in (
            _section("observations", content.observations, _observation, labels, said),
            _section("activities", content.activities, _activity, labels, said),
            _section("plan_progress", content.plan_progress, _progress, labels, said),
            _section("future_plans", content.future_plans, _future_plan, labels, said),
            _section("challenges", content.challenges, _challenge, labels, said),
            _section("funding", content.funding, _funding, labels, said),
        )
        if section.items
    )


def general_reasons(content: SubmissionContent, reasons: Iterable[ReasonForReturn]) -> tuple[Text, ...]:
    """Reasons that are about no single item."""
    places = [
        f"/{name}/{place}"
        for name in type(content).model_fields
        if isinstance(getattr(content, name), tuple)
        for place in range(len(getattr(content, name)))
    ]
    return tuple(both(r.text) for r in reasons if not any(_within(r.at, place) for place in places))


def changes_of(figures: Iterable[CorrectedFigure], labels: Labels) -> tuple[Change, ...]:
    """What a correction changes, old and new."""
    return tuple(
        Change(
            label=labels.indicator(figure.indicator),
            details=labels.breakdown(figure.indicator, figure.dimensions),
            old=None if figure.old is None else figure.old.empty or figure.old.value,
            new=None if figure.new is None else figure.new.empty or figure.new.value,
            reason=both(figure.reason),
        )
        for figure in figures
    )


def _section(
    name: str,
    given: tuple[T, ...],
    shown: Callable[[str, T, Labels, tuple[Text, ...]], Item],
    labels: Labels,
    reasons: tuple[ReasonForReturn, ...],
) -> Section:
    items = []
    for place, item in enumerate(given):
        at = f"/{name}/{place}"
        items.append(shown(at, item, labels, tuple(both(r.text) for r in reasons if _within(r.at, at))))
    return Section(name, tuple(items))


def _within(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")


def _observation(at: str, item: Observation, labels: Labels, reasons: tuple[Text, ...]) -> Item:
    details: list[Detail] = list(labels.breakdown(item.indicator, item.dimensions))
    if item.comment:
        details.append(("content.comment", item.comment))
    return Item(at, labels.indicator(item.indicator), tuple(details), item.value, item.empty, reasons=reasons)


def _activity(at: str, item: Activity, labels: Labels, reasons: tuple[Text, ...]) -> Item:
    details: list[Detail] = [
        labels.code("activity_type", item.type),
        ("content.date", item.date),
        labels.code("audience", item.audience),
    ]
    for name in ("participants", "reach", "copies"):
        if (number := getattr(item, name)) is not None:
            details.append((f"content.{name}", number))
    details += [("content.language", labels.code("language", language)) for language in item.languages]
    details += [
        ("content.first_contact", _counted(labels.code("institution_kind", row.institution_kind), row.participants))
        for row in item.first_contact
    ]
    if item.project_code:
        details.append(("content.project", labels.projects.get(item.project_code, item.project_code)))
    details += [("content.partner", labels.member(partner)) for partner in item.partners]
    if item.plan_result:
        details.append(("content.plan_result", item.plan_result))
    return Item(at, both(item.title), tuple(details), reasons=reasons)


def _counted(name: Text, number: int) -> Text:
    if isinstance(name, str):
        return f"{name}: {number}"
    return {language: f"{text}: {number}" for language, text in name.items()}


def _progress(at: str, item: PlanProgress, labels: Labels, reasons: tuple[Text, ...]) -> Item:
    details: list[Detail] = [("content.plan_result", item.result), labels.code("action_status", item.status)]
    if item.on_behalf_of:
        details.append(("content.on_behalf_of", labels.member(item.on_behalf_of)))
    details.append(both(item.text))
    details += [
        ("content.evidence", _joined(evidence.title, evidence.name or evidence.ref)) for evidence in item.evidence
    ]
    return Item(at, labels.result(item.result), tuple(details), reasons=reasons)


def _joined(title: LocalizedText, reference: str) -> Text:
    return {language: f"{text} ({reference})" for language, text in both(title).items()}


def _future_plan(at: str, item: FuturePlan, labels: Labels, reasons: tuple[Text, ...]) -> Item:
    details: list[Detail] = [both(item.text)] if item.text else []
    if item.planned_for:
        details.append(("content.planned_for", item.planned_for))
    if item.outcome:
        details.append(labels.code("plan_outcome", item.outcome))
    return Item(at, item.code, tuple(details), reasons=reasons)


def _challenge(at: str, item: Challenge, labels: Labels, reasons: tuple[Text, ...]) -> Item:
    return Item(at, item.code, (both(item.text), labels.code("challenge_state", item.state)), reasons=reasons)


def _funding(at: str, item: Funding, labels: Labels, reasons: tuple[Text, ...]) -> Item:
    details: list[Detail] = [labels.code("funding_source", item.source)]
    if item.project_code:
        details.append(("content.project", labels.projects.get(item.project_code, item.project_code)))
    if item.plan_result:
        details.append(("content.plan_result", item.plan_result))
    label = labels.code("funding_purpose", item.purpose)
    return Item(at, label, tuple(details), item.amount_eur, money=True, reasons=reasons)
