"""The stamp of a workbook: for whom and what it was made, by which template, with which lists."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nrem_intake.spreadsheets.domain.book import SHEET_MARK, STAMP
from nrem_intake.spreadsheets.domain.raw import RawSheet
from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.labels import Labels

#: Grows when a workbook's layout changes so that an older one cannot be read as it is.
TEMPLATE = 1

#: Older templates that are still read; `reading` brings them up to date.
READABLE = frozenset({TEMPLATE})

_PERIOD = re.compile(r"\d{4}-Q[1-4]\Z", re.ASCII)
_MEMBER = re.compile(r"[a-z][a-z0-9_]{0,15}\Z")


@dataclass(frozen=True, slots=True)
class Stamp:
    """`reference` is a fingerprint of the indicators and lists; `period` and `member` are `*` for earlier quarters."""

    template: int
    period: str
    member: str
    reference: str
    language: str

    def items(self) -> Mapping[str, str]:
        """As it is written down."""
        return {
            "template": str(self.template),
            "period": self.period,
            "member": self.member,
            "reference": self.reference,
            "language": self.language,
        }


class NotOurs(Exception):
    """The workbook cannot be taken as it is; `code` names the message."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


def stamp_in(sheets: Iterable[RawSheet]) -> Stamp:
    """The stamp of a file. Raises NotOurs: `no_stamp`, `stamp_damaged`, `template_older`, `template_newer`."""
    found = [sheet for sheet in sheets if sheet.mark == SHEET_MARK + STAMP]
    if not found:
        raise NotOurs("workbook_no_stamp")
    given = {
        str(name): str(found[0].cells.get((row, 1), ""))
        for (row, column), name in found[0].cells.items()
        if column == 0 and row > 0
    }
    template, period, member = given.get("template", ""), given.get("period", ""), given.get("member", "")
    whole = template.isdecimal() and template.isascii() and given.keys() >= {"reference", "language"}
    named = (period, member) == ("*", "*") or (_PERIOD.match(period) and _MEMBER.match(member))
    if len(found) > 1 or not whole or not named:
        raise NotOurs("workbook_stamp_damaged")
    number = int(template[:9])
    if number not in READABLE:
        raise NotOurs("workbook_template_newer" if number > TEMPLATE else "workbook_template_older")
    return Stamp(number, period, member, given["reference"], given["language"])


def check_for(stamp: Stamp, period: str, member: str) -> None:
    """Raise NotOurs where the workbook was made for another quarter or institution."""
    if stamp.period != period:
        raise NotOurs("workbook_other_period", given=stamp.period, own=period)
    if stamp.member != member:
        raise NotOurs("workbook_other_member", given=stamp.member, own=member)


def fingerprint(catalogue: Catalogue, labels: Labels) -> str:
    """The same exactly where the same may be chosen, under the same names."""
    parts: list[Any] = [
        sorted((name, sorted(codes.usable)) for name, codes in catalogue.lists.items()),
        sorted(
            (i.code, i.not_yet, sorted(i.reporters), [d for d, _ in i.dimensions])
            for i in catalogue.indicators.values()
        ),
        sorted((r, sorted(rule.bodies), sorted(rule.indicators)) for r, rule in catalogue.results.items()),
        sorted(catalogue.projects),
        sorted((name, sorted((c, str(t)) for c, t in those.items())) for name, those in labels.lists.items()),
        sorted((c, str(t)) for c, t in labels.indicators.items()),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
