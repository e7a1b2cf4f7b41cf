"""From an uploaded file to what it says: for one quarter and institution, with everything that cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nrem_intake.reporting.recalling import unexplained_in
from nrem_intake.spreadsheets.domain.places import Cell, cell_of
from nrem_intake.spreadsheets.domain.reading import ITS_OWN, Fault, Report, read, refusals_with_cells
from nrem_intake.spreadsheets.domain.stamp import Stamp, fingerprint
from nrem_intake.submissions import checking
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.checking import ToSubmit
from nrem_intake.submissions.domain.refusals import Refusal

if TYPE_CHECKING:
    from nrem_intake.spreadsheets.domain.choices import Offer
    from nrem_intake.spreadsheets.domain.raw import RawSheet
    from nrem_shared.runtime.service import Runtime


@dataclass(frozen=True, slots=True)
class Taken:
    """What a workbook says. `other_lists` = it was made with lists that have changed since."""

    report: Report
    faults: tuple[Fault, ...]
    left_alone: int
    other_lists: bool

    def stored(self) -> dict[str, Any]:
        """As the database keeps it until it is submitted."""
        return {
            "document": self.report.document,
            "cells": {pointer: [cell.sheet, cell.at] for pointer, cell in self.report.cells.items()},
            "faults": [
                [f.cell.sheet, f.cell.at, f.refusal.pointer, f.refusal.code, dict(f.refusal.parameters)]
                for f in self.faults
            ],
            "left_alone": self.left_alone,
            "other_lists": self.other_lists,
        }


def taken_again(stored: dict[str, Any]) -> Taken:
    """What was kept, as it was."""
    cells = {pointer: Cell(*place) for pointer, place in stored["cells"].items()}
    faults = tuple(
        Fault(Cell(sheet, at), Refusal(pointer, code, parameters))
        for sheet, at, pointer, code, parameters in stored["faults"]
    )
    return Taken(Report(stored["document"], cells), faults, stored["left_alone"], stored["other_lists"])


def take(sheets: list[RawSheet], stamp: Stamp, offer: Offer) -> Taken:
    """Read a workbook whose stamp was checked. Raises NotOurs."""
    same = stamp.reference == fingerprint(offer.catalogue, offer.labels)
    reading = read(sheets, offer, same_lists=same)
    return Taken(reading.report, tuple(reading.faults), reading.left_alone, not same)


async def refusals_of(runtime: Runtime, taken: Taken, period: str, member: str) -> list[Fault]:
    """Everything wrong with it, cell by cell: what could not be taken, and what validation says now."""
    wanted = ToSubmit(period, member, taken.report.document)
    async with runtime.pool.acquire() as conn:
        refusals = await checking.validate_one(conn, catalogues_of(runtime), wanted)
    return sorted(
        refusals_with_cells(taken.report, refusals, taken.faults, ITS_OWN),
        key=lambda fault: (fault.cell.sheet, _rank(fault.cell.at), fault.refusal.code),
    )


async def unusual_in(runtime: Runtime, taken: Taken, period: str, member: str) -> list[Fault]:
    """Figures of a valid workbook that are far from the usual ones and have no comment, each with its cell."""
    async with runtime.pool.acquire() as conn:
        found = await unexplained_in(conn, period, member, taken.report.document)
    return [Fault(cell_of(taken.report.cells, each.told.pointer) or Cell(""), each.told) for each in found]


def _rank(at: str) -> tuple[int, int, str]:
    """Cells row by row, from left to right."""
    letters = at.rstrip("0123456789")
    return (int(at[len(letters) :] or 0), len(letters), letters)
