"""The form of a new code list: what it is called, and its first codes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nrem_intake.administration.domain.indicator_form import LONGEST_LABEL, Wrong
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import CodeList, CodeListEntry
from nrem_shared.contracts.submissions import OBSERVATION_FIELDS

__all__ = ["LONGEST_CODE", "LONGEST_LABEL", "ListForm", "Row", "blank", "codelist", "sent", "wrong_with"]

LONGEST_CODE = 64
#: So many rows are there at first, and so many more are added at a time; at most so many in all.
ROWS, MOST_ROWS = 6, 200
#: Lists that are made here are the ministry's own: none of them was compared with a standard.
STATUS = "ours"

_LIST = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ENTRY = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_PARTS = ("code", "lv", "en")


@dataclass(frozen=True, slots=True)
class Row:
    """One code as it was typed; in the form its fields are named `entry-<place>-<part>`."""

    code: str = ""
    lv: str = ""
    en: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not (self.code or self.lv or self.en)


@dataclass(frozen=True, slots=True)
class ListForm:
    """What the form holds, as text."""

    code: str = ""
    title_lv: str = ""
    title_en: str = ""
    rows: tuple[Row, ...] = (Row(),) * ROWS

    def longer(self) -> ListForm:
        """With more empty rows."""
        rows = (*self.rows, *(Row(),) * ROWS)[:MOST_ROWS]
        return ListForm(self.code, self.title_lv, self.title_en, rows)


def blank() -> ListForm:
    """The form of a list that is to be added."""
    return ListForm()


def sent(form: Mapping[str, Any]) -> ListForm:
    """What a browser sent."""

    def text(name: str) -> str:
        return str(form.get(name, "")).strip()

    count = next((place for place in range(MOST_ROWS) if f"entry-{place}-code" not in form), MOST_ROWS)
    rows = tuple(Row(*(text(f"entry-{place}-{part}") for part in _PARTS)) for place in range(count))
    return ListForm(text("code"), text("title_lv"), text("title_en"), rows or blank().rows)


def wrong_with(form: ListForm, taken: Iterable[str]) -> tuple[Wrong, ...]:
    """Everything that has to be put right, in the order of the form; `taken` = lists and dimensions that there are."""
    found = [Wrong(name, "missing") for name in ("code", "title_lv", "title_en") if not getattr(form, name)]
    found += [Wrong(name, "too_long") for name in ("title_lv", "title_en") if len(getattr(form, name)) > LONGEST_LABEL]
    if form.code and (not _LIST.fullmatch(form.code) or form.code in OBSERVATION_FIELDS):
        found.append(Wrong("code", "list_code"))
    elif form.code in taken:
        found.append(Wrong("code", "duplicate"))
    if all(row.empty for row in form.rows):
        found.append(Wrong("entry-0-code", "no_codes"))
    seen: set[str] = set()
    for place, row in enumerate(form.rows):
        found += _wrong_with_row(place, row, seen)
        seen.add(row.code)
    return tuple(found)


def _wrong_with_row(place: int, row: Row, seen: set[str]) -> list[Wrong]:
    if row.empty:
        return []
    at = f"entry-{place}"
    found = [Wrong(f"{at}-{part}", "missing") for part in _PARTS if not getattr(row, part)]
    found += [Wrong(f"{at}-{part}", "too_long") for part in ("lv", "en") if len(getattr(row, part)) > LONGEST_LABEL]
    if row.code and not _ENTRY.fullmatch(row.code):
        found.append(Wrong(f"{at}-code", "entry_code"))
    elif row.code and row.code in seen:
        found.append(Wrong(f"{at}-code", "twice"))
    return found


def codelist(form: ListForm) -> CodeList:
    """The list that a form without mistakes stands for."""
    entries = (
        CodeListEntry(code=row.code, label=LocalizedText(lv=row.lv, en=row.en)) for row in form.rows if not row.empty
    )
    title = LocalizedText(lv=form.title_lv, en=form.title_en)
    return CodeList(code=form.code, title=title, status=STATUS, codes=tuple(entries))
