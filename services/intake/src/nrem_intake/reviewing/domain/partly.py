"""Deciding a correction figure by figure: what is approved counts at once, the rest goes back with its reasons.

Versions never change, and one is accepted whole. So the member's correction is returned with a reason for each figure
that is not approved, and the approved ones become a version of their own, accepted at once, which names the correction
that it is a part of and who approved it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from nrem_intake.submissions.domain.authors import Authors
from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.correction import correct
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.figures import Accumulated
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.domain.stream import AddWorkingDays, Decided, Stream, Version, accept, return_
from nrem_intake.submissions.domain.watch import LetPass, Watch
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import (
    CorrectedFigure,
    Observation,
    ReasonForReturn,
    SubmissionContent,
    dimension_key,
)


@dataclass(frozen=True, slots=True)
class Refused:
    """Which figures of a correction are not approved (place → why), and who decided so."""

    why: Mapping[int, LocalizedText]
    by: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What the approved figures are validated with, days counted by; whether whoever entered it decides on it."""

    catalogue: Catalogue
    before: Accumulated
    add_working_days: AddWorkingDays
    let_pass: tuple[LetPass, ...] = ()
    by_enterer: bool = False


def decide_figures(stream: Stream, number: int, refused: Refused, now: datetime, basis: Basis) -> tuple[Decided, ...]:
    """Return, submit and accept; contents must be loaded.

    Raises NotAllowed (`unknown_version`, `decided_already`, `not_a_correction`), Unacceptable: `reasons_missing` where
    all are approved, `nothing_approved` where none is, `no_such_figure` (at `/returned/<place>`), what is wrong with
    the reasons, and what the approved figures alone would make wrong (at `/approved/<place>`).
    """
    version = stream.version(number)
    if version.kind != "correction":
        raise NotAllowed("not_a_correction", version=str(number))
    _check(version, refused)
    places = sorted(refused.why)
    reasons = tuple(
        ReasonForReturn(at=pointer_of(version, place), text=refused.why[place], figure=place) for place in places
    )
    watch = Watch(basis.catalogue.allowed, basis.let_pass)
    try:
        returned = _not_owed(stream, return_(stream, number, reasons, now, basis.add_working_days, None, watch))
    except Unacceptable as error:
        raise Unacceptable(tuple(_at_figure(one, places) for one in error.errors)) from error
    approved = [place for place in range(len(version.corrected_figures)) if place not in refused.why]
    items = [_item(version.corrected_figures[place]) for place in approved]
    try:
        part = correct(
            returned.stream,
            items,
            now,
            catalogue=basis.catalogue,
            before=basis.before,
            authors=_authors(version, refused.by, len(approved)),
            let_pass=basis.let_pass,
        )
    except Unacceptable as error:
        raise Unacceptable(tuple(_at_approved(one, approved) for one in error.errors)) from error
    return returned, part, accept(part.stream, part.event.version, now, by_enterer=basis.by_enterer)


def _not_owed(before: Stream, returned: Decided) -> Decided:
    """The return, without a day by which anything would be expected: what was not approved stays as it was."""
    versions = tuple(replace(one, due=before.version(one.number).due) for one in returned.stream.versions)
    stream = replace(returned.stream, due=before.due, versions=versions)
    return Decided(stream, returned.event.model_copy(update={"due": before.due}))


def pointer_of(version: Version, place: int) -> str:
    """Where a corrected figure stands in the version's content; the whole where the correction dropped it."""
    return _pointer(version.corrected_figures[place], (version.content or SubmissionContent()).observations)


def key_of(figure: CorrectedFigure | Observation) -> tuple[str, str]:
    """Which figure of a submission is meant."""
    return (figure.indicator, dimension_key(figure.dimensions))


def reasons_of(
    place: int, figure: CorrectedFigure, rows: Sequence[Observation], reasons: Sequence[ReasonForReturn]
) -> tuple[ReasonForReturn, ...]:
    """What the corrected figure at `place` was returned for: its own reasons, and those for the whole."""
    at = _pointer(figure, rows)

    def meant(one: ReasonForReturn) -> bool:
        return one.at == "" or bool(at and f"{one.at}/".startswith(f"{at}/"))

    return tuple(one for one in reasons if one.figure == place or (one.figure is None and meant(one)))


def _pointer(figure: CorrectedFigure, rows: Sequence[Observation]) -> str:
    at = next((at for at, row in enumerate(rows) if key_of(row) == key_of(figure)), None)
    return "" if at is None else f"/observations/{at}"


def _check(version: Version, refused: Refused) -> None:
    every = set(range(len(version.corrected_figures)))
    if strange := sorted(set(refused.why) - every):
        raise Unacceptable(tuple(Refusal(f"/returned/{one}", "no_such_figure", {"place": str(one)}) for one in strange))
    if not refused.why:
        raise Unacceptable((Refusal("/returned", "reasons_missing"),))
    if every == set(refused.why):
        raise Unacceptable((Refusal("/returned", "nothing_approved"),))


def _item(figure: CorrectedFigure) -> dict[str, Any]:
    """The figure as the member's correction named it."""
    document = figure.model_dump(mode="json")
    observation = {"indicator": document["indicator"], **document["dimensions"]}
    return {"observation": observation, "old": document["old"], "new": document["new"], "reason": document["reason"]}


def _authors(version: Version, by: str, approved: int) -> Authors:
    number, total = version.number, len(version.corrected_figures)
    said = LocalizedText(
        lv=f"{number}. versijas labojuma pieņemtā daļa ({approved} no {total} skaitļiem)",
        en=f"The approved part of the correction in version {number} ({approved} of {total} figures)",
    )
    if version.authors.in_its_place and version.authors.entered_by:
        name = version.authors.entered_by.rpartition("/")[0] or version.authors.entered_by
        said = LocalizedText(
            lv=f"{said.lv}; labojumu iestādes vietā ievadīja {name}",
            en=f"{said.en}, which {name} entered on the institution's behalf",
        )
    return replace(version.authors, entered_by=by, on_behalf=said, part_of=number)


def _at_figure(error: Refusal, places: list[int]) -> Refusal:
    """An error of the n-th reason at the figure that it was given for."""
    parts = error.pointer.split("/")
    if parts[1:2] == ["reasons"] and len(parts) > 2:
        return Refusal(f"/returned/{places[int(parts[2])]}", error.code, error.parameters)
    return error


def _at_approved(error: Refusal, approved: list[int]) -> Refusal:
    """An error of the n-th approved figure at the place that it has in the correction."""
    parts = error.pointer.split("/")
    if parts[1:2] == ["items"] and len(parts) > 2:
        return Refusal(f"/approved/{approved[int(parts[2])]}", error.code, error.parameters)
    return Refusal("/approved", error.code, error.parameters)
