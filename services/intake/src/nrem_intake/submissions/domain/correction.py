"""Corrections: items that change, add or drop figures of the accepted content, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nrem_intake.submissions.domain.authors import NOBODY, Authors
from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.correction_items import CorrectionItem, FigureKey, read_items
from nrem_intake.submissions.domain.errors import Unacceptable
from nrem_intake.submissions.domain.figures import Accumulated
from nrem_intake.submissions.domain.refusals import Findings, Refusal
from nrem_intake.submissions.domain.stream import Decided, Stream, may_correct, submit_correction
from nrem_intake.submissions.domain.validation import Refused, validate
from nrem_intake.submissions.domain.watch import LetPass, Watch
from nrem_shared.contracts.submissions import (
    SECTIONS,
    Cell,
    CorrectedFigure,
    Observation,
    SubmissionContent,
    dimension_key,
)

_CELL = ("value", "empty", "comment")


def correct(
    stream: Stream,
    items: Any,
    now: datetime,
    *,
    catalogue: Catalogue,
    before: Accumulated,
    authors: Authors = NOBODY,
    let_pass: tuple[LetPass, ...] = (),
) -> Decided:
    """Apply `items` (parsed JSON) to the accepted content, which must be loaded, and submit the result.

    An item is `{observation: {indicator, dimension…}, old, new, reason: {lv, en}}`; `old` and `new` are a number, or
    `{value, empty, comment}`, or null. A bare number keeps the figure's comment. Everything else stays, in its order.
    Raises NotAllowed (see `may_correct`), Unacceptable with pointers into `{items}`: `old_differs`, `unknown_figure`,
    `figure_exists`, `same_value`, `duplicate_key`, and whatever is wrong with the content after the correction.
    """
    accepted = may_correct(stream).content or SubmissionContent()
    read = read_items(items, Watch(catalogue.allowed, let_pass))
    rows = {_key(row): row for row in accepted.observations}
    figures = _figures(read, rows)
    after = _applied(accepted, dict(zip((item.key for item in read), figures, strict=True)))
    found = Findings()
    found.extend(_new_errors(stream, accepted, after, read, catalogue, before, let_pass))
    if found:
        raise Unacceptable(found.sorted())
    valid = tuple(CorrectedFigure.model_validate(figure.model_dump()) for figure in figures)
    return submit_correction(stream, SubmissionContent.model_validate(after), valid, now, authors)


def _key(row: Observation) -> FigureKey:
    return (row.indicator, dimension_key(row.dimensions))


def _figures(items: tuple[CorrectionItem, ...], rows: Mapping[FigureKey, Observation]) -> tuple[CorrectedFigure, ...]:
    """What changes, if each item fits the figure that was accepted."""
    found = Findings()
    seen: dict[FigureKey, str] = {}
    for item in items:
        at = f"/items/{item.place}"
        first = seen.setdefault(item.key, at)
        if first != at:
            found.add(at, "duplicate_key", first=first)
        _compare(found, at, item, rows.get(item.key))
    if found:
        raise Unacceptable(found.sorted())
    return tuple(_figure(item, rows.get(item.key)) for item in items)


def _compare(found: Findings, at: str, item: CorrectionItem, row: Observation | None) -> None:
    """Whether `old` is what was accepted, and `new` something else."""
    if row is None:
        if item.old is not None or item.new is None:
            found.add(f"{at}/observation", "unknown_figure", indicator=item.indicator)
    elif item.old is None:
        found.add(f"{at}/old", "figure_exists", accepted=_shown(row))
    elif (item.old.get("value"), item.old.get("empty")) != (row.value, row.empty):
        found.add(f"{at}/old", "old_differs", accepted=_shown(row))
    elif item.new is not None and _new_cell(item, row) == row.model_dump(include=set(_CELL)):
        found.add(f"{at}/new", "same_value", accepted=_shown(row))


def _shown(row: Observation) -> str:
    return str(row.empty if row.value is None else row.value)


def _new_cell(item: CorrectionItem, row: Observation | None) -> dict[str, Any]:
    cell = {name: (item.new or {}).get(name) for name in _CELL}
    if item.keeps_comment and row is not None:
        cell["comment"] = row.comment
    return cell


def _figure(item: CorrectionItem, row: Observation | None) -> CorrectedFigure:
    """The change as it is published; not yet validated, so that everything wrong is told with its place."""
    return CorrectedFigure.model_construct(
        indicator=item.indicator,
        dimensions=row.dimensions if row else item.dimensions,
        old=Cell(value=row.value, empty=row.empty, comment=row.comment) if row else None,
        new=Cell.model_construct(**_new_cell(item, row)) if item.new is not None else None,
        reason=item.reason,
    )


def _applied(accepted: SubmissionContent, figures: Mapping[FigureKey, CorrectedFigure]) -> dict[str, Any]:
    """The whole content as a document: changed figures in their places, added ones at the end, dropped ones gone."""
    document = accepted.model_dump(mode="json")
    kept = [_changed(row, figures.get(_key(row))) for row in accepted.observations]
    added = [_row(figure) for figure in figures.values() if figure.old is None]
    document["observations"] = [row for row in (*kept, *added) if row is not None]
    document["nothing_to_report"] = not any(document[section] for section in SECTIONS)
    return document


def _changed(row: Observation, figure: CorrectedFigure | None) -> dict[str, Any] | None:
    if figure is None:
        return row.model_dump(mode="json")
    return _row(figure) if figure.new is not None else None


def _row(figure: CorrectedFigure) -> dict[str, Any]:
    cell = {name: getattr(figure.new, name) for name in _CELL}
    return {"indicator": figure.indicator, **figure.dimensions, **cell}


def _new_errors(
    stream: Stream,
    accepted: SubmissionContent,
    after: dict[str, Any],
    items: tuple[CorrectionItem, ...],
    catalogue: Catalogue,
    before: Accumulated,
    let_pass: tuple[LetPass, ...],
) -> list[Refusal]:
    """What the correction makes wrong, in the request's own places; what was so before it is no reason to refuse it."""

    def errors(document: dict[str, Any]) -> list[tuple[FigureKey | None, Refusal]]:
        checked = validate(
            document,
            period=stream.period,
            member=stream.member,
            catalogue=catalogue,
            before=before,
            let_pass=let_pass,
        )
        refusals = checked.errors if isinstance(checked, Refused) else ()
        return [(_figure_at(document, refusal.pointer), refusal) for refusal in refusals]

    known = {_identity(*error) for error in errors(accepted.model_dump(mode="json"))}
    by_key = {item.key: item for item in items}
    return [_placed(by_key, *error) for error in errors(after) if _identity(*error) not in known]


def _figure_at(document: dict[str, Any], pointer: str) -> FigureKey | None:
    """Which figure a pointer into the content is about."""
    parts = pointer.split("/")
    if len(parts) < 3 or parts[1] != "observations":
        return None
    row = document["observations"][int(parts[2])]
    dimensions = {name: str(code) for name, code in row.items() if name not in ("indicator", *_CELL)}
    return (row["indicator"], dimension_key(dimensions))


def _identity(figure: FigureKey | None, refusal: Refusal) -> tuple[FigureKey | None, str, str]:
    """An error apart from the place of its row, which a correction may shift."""
    return (figure, refusal.pointer if figure is None else _field_of(refusal), refusal.code)


def _field_of(refusal: Refusal) -> str:
    return "/".join(refusal.pointer.split("/")[3:])


def _placed(items: Mapping[FigureKey, CorrectionItem], figure: FigureKey | None, refusal: Refusal) -> Refusal:
    """The error at the item that causes it; at the items together where the figure itself was not changed."""
    item = items.get(figure) if figure else None
    if item is None:
        return Refusal("/items", refusal.code, refusal.parameters)
    field = _field_of(refusal)
    if field in _CELL:
        pointer = f"/items/{item.place}/new" + ("" if item.keeps_comment else f"/{field}")
    else:
        pointer = f"/items/{item.place}/observation" + (f"/{field}" if field else "")
    return Refusal(pointer, refusal.code, refusal.parameters)
