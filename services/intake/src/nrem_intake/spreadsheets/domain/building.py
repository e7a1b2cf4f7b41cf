"""The workbook of one member and quarter, and the one for earlier quarters of everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from nrem_intake.reporting.domain.history import History
from nrem_intake.spreadsheets.domain.book import Book, Choice, Cover, Row, Sheet
from nrem_intake.spreadsheets.domain.choices import EVERYBODY, INSTITUTION, Offer
from nrem_intake.spreadsheets.domain.columns import LISTS, Words, columns_of, general
from nrem_intake.spreadsheets.domain.filling import rows_of, shown
from nrem_intake.spreadsheets.domain.stamp import TEMPLATE, Stamp, fingerprint
from nrem_shared.contracts.submissions import SECTIONS, SubmissionContent

#: Rows for each section of a workbook for earlier quarters.
_ROWS_FOR_EVERYBODY = 300

_CHECKED = ("code", "count", "amount", "date", "yes_no")
_STEPS = ("fill", "choose", "empty", "prefilled", "more", "upload")


def report_book(offer: Offer, content: SubmissionContent, history: History, due: str, words: Words) -> Book:
    """What a member fills in for a quarter; `content` is what was reported and has to be done again, else empty."""
    period, name = offer.catalogue.period, offer.labels.abbreviation(offer.member)
    cover = Cover(
        title=words("workbook.cover"),
        heading=words("workbook.heading", member=name, period=period),
        lines=(
            offer.label(INSTITUTION, offer.member),
            words("workbook.due", day=due),
            *(words(f"workbook.how.{step}") for step in _STEPS),
        ),
        nothing_label=words("workbook.nothing"),
        nothing=offer.yes_no[0] if content.nothing_to_report else "",
        yes_no=offer.yes_no,
    )
    sheets = tuple(_sheet(section, offer, rows_of(section, offer, content, history), words) for section in SECTIONS)
    return _book(offer, period, cover, sheets, words)


def history_book(offer: Offer, words: Words) -> Book:
    """Empty sheets in which each row says of which quarter and institution it is; `offer` is for everybody."""
    cover = Cover(
        title=words("workbook.cover"),
        heading=words("workbook.history_heading"),
        lines=tuple(words(f"workbook.how.{step}") for step in ("history", "choose", "empty", "import")),
        nothing_label="",
        nothing="",
        yes_no=offer.yes_no,
    )
    rows = [Row()] * _ROWS_FOR_EVERYBODY
    sheets = tuple(_sheet(section, offer, rows, words) for section in SECTIONS)
    return _book(offer, EVERYBODY, cover, sheets, words)


def _book(offer: Offer, period: str, cover: Cover, sheets: tuple[Sheet, ...], words: Words) -> Book:
    stamp = Stamp(TEMPLATE, period, offer.member, fingerprint(offer.catalogue, offer.labels), offer.language)
    return Book(
        stamp=stamp.items(),
        made_on=date(offer.catalogue.starts.year, offer.catalogue.starts.month, 1),
        cover=cover,
        sheets=sheets,
        choices=_choices(offer, sheets),
        refused_title=words("workbook.refused"),
        refused_text={kind: words(f"workbook.refused.{kind}") for kind in _CHECKED},
    )


def _sheet(section: str, offer: Offer, rows: list[Row], words: Words) -> Sheet:
    columns = columns_of(section, offer, _repeats(section, rows), words)
    ready = shown(section, offer, columns, rows)
    return Sheet(section, words(f"section.{section}"), words(f"workbook.lead.{section}"), columns, ready)


def _repeats(section: str, rows: Iterable[Row]) -> dict[str, int]:
    """How many places each list needs."""
    needed = dict(LISTS.get(section, {}))
    for row in rows:
        for code in row.cells:
            if "*" in general(code):
                name, place = code.split("/")[:2]
                needed[name] = max(needed.get(name, 0), int(place) + 1)
    return needed


def _choices(offer: Offer, sheets: Iterable[Sheet]) -> Mapping[str, tuple[Choice, ...]]:
    names = {column.choices for sheet in sheets for column in sheet.columns if column.choices}
    return {name: offer.offered(name) for name in sorted(names)}
