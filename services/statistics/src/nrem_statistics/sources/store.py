"""Institutions, periods and reference data as the topics tell them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.periods import PeriodClosed, PeriodOpened
from nrem_shared.contracts.reference import CodeList, Indicator, ReferenceChanged
from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """An institution's names as they stand now."""

    code: str
    abbreviation: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A reporting period; `owes` are the members named when it opened, alphabetically."""

    code: str
    due: date
    owes: tuple[str, ...]
    illustrative: bool


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceRows:
    """Indicators and code lists by their codes. Equal rows give the very same object, so it may key what is derived."""

    indicators: dict[str, Indicator]
    code_lists: dict[str, CodeList]


async def upsert_institutions(conn: Connection, rows: Sequence[tuple[int, InstitutionRegistered]]) -> None:
    """Keep each institution's newest revision; at most one row per institution."""
    await conn.execute(
        """
        insert into projection.institution as held (code, revision, abbreviation, name, kind)
        select code, revision, abbreviation, name::jsonb, kind
          from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[])
               as new (code, revision, abbreviation, name, kind)
        on conflict (code) do update
           set revision = excluded.revision, abbreviation = excluded.abbreviation, name = excluded.name,
               kind = excluded.kind
         where held.revision < excluded.revision
        """,
        [data.code for _, data in rows],
        [revision for revision, _ in rows],
        [data.abbreviation for _, data in rows],
        [data.name.model_dump_json() for _, data in rows],
        [data.kind for _, data in rows],
    )


async def upsert_periods(conn: Connection, rows: Sequence[tuple[int, datetime, PeriodOpened]]) -> None:
    """Keep the newest opening of each period; at most one row per period."""
    await conn.execute(
        """
        insert into projection.period as held (code, revision, due, owes, illustrative, opened_at)
        select code, revision, due, array(select jsonb_array_elements_text(owes::jsonb)), illustrative, opened_at
          from unnest($1::text[], $2::bigint[], $3::date[], $4::text[], $5::boolean[], $6::timestamptz[])
               as new (code, revision, due, owes, illustrative, opened_at)
        on conflict (code) do update
           set revision = excluded.revision, due = excluded.due, owes = excluded.owes,
               illustrative = excluded.illustrative, opened_at = excluded.opened_at
         where held.revision < excluded.revision
        """,
        [data.code for _, _, data in rows],
        [revision for revision, _, _ in rows],
        [data.due for _, _, data in rows],
        [json.dumps(sorted(data.owes)) for _, _, data in rows],
        [data.illustrative for _, _, data in rows],
        [opened_at for _, opened_at, _ in rows],
    )


async def insert_closings(conn: Connection, rows: Sequence[tuple[int, datetime, PeriodClosed]]) -> None:
    """Add closings with their manifests."""
    await conn.execute(
        """
        insert into projection.period_closing (code, revision, closed_at, accepted, reference)
        select code, revision, closed_at, accepted::jsonb, reference::jsonb
          from unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[])
               as new (code, revision, closed_at, accepted, reference)
        on conflict do nothing
        """,
        [data.code for _, _, data in rows],
        [revision for revision, _, _ in rows],
        [closed_at for _, closed_at, _ in rows],
        [json.dumps(data.accepted) for _, _, data in rows],
        [json.dumps([version.model_dump(mode="json") for version in data.reference]) for _, _, data in rows],
    )


async def insert_reference(conn: Connection, rows: Sequence[tuple[int, datetime, ReferenceChanged]]) -> None:
    """Add revisions of reference data."""
    await conn.execute(
        """
        insert into projection.reference (kind, code, revision, recorded_at, item)
        select kind, code, revision, recorded_at, item::jsonb
          from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::text[])
               as new (kind, code, revision, recorded_at, item)
        on conflict do nothing
        """,
        [data.item.kind for _, _, data in rows],
        [data.item.code for _, _, data in rows],
        [revision for revision, _, _ in rows],
        [recorded_at for _, recorded_at, _ in rows],
        [data.item.model_dump_json() for _, _, data in rows],
    )


async def institutions(conn: Connection) -> dict[str, InstitutionRow]:
    """All institutions by code."""
    found = await conn.fetch("select code, abbreviation, name::text as name from projection.institution order by code")
    return {
        row["code"]: InstitutionRow(row["code"], row["abbreviation"], LocalizedText.model_validate_json(row["name"]))
        for row in found
    }


async def period(conn: Connection, code: str) -> PeriodRow | None:
    """One period; null where none of that code has opened."""
    row = await conn.fetchrow("select code, due, owes, illustrative from projection.period where code = $1", code)
    return PeriodRow(row["code"], row["due"], tuple(row["owes"]), row["illustrative"]) if row else None


async def periods(conn: Connection) -> list[PeriodRow]:
    """All periods, the newest first."""
    found = await conn.fetch("select code, due, owes, illustrative from projection.period order by code desc")
    return [PeriodRow(row["code"], row["due"], tuple(row["owes"]), row["illustrative"]) for row in found]


async def reference_as_known(conn: Connection, known_on: datetime) -> ReferenceRows:
    """Indicators and code lists as recorded by `known_on`; before its first revision an item is taken as first set.

    What was read before is not sent again. It is named by its revision and by the row that holds it, which is never
    changed: database, table, writing transaction and place. A projection that is built anew has other rows.
    """
    held = _read.items
    found = await conn.fetch(
        """
        select name, kind, case when name <> all($2::text[]) then item::text end as item
          from (select distinct on (kind, code) kind, item,
                       concat_ws(' ', kind, code, revision, recorded_at,
                                 current_database(), tableoid, xmin, ctid) as name
                  from projection.reference
                 where kind in ('indicator', 'codelist')
                 order by kind, code, (recorded_at <= $1) desc,
                          case when recorded_at <= $1 then -revision else revision end) as known
        """,
        known_on,
        list(held),
    )
    items = {row["name"]: held[row["name"]] if row["item"] is None else (row["kind"], row["item"]) for row in found}
    _read.keep(items)
    return _parsed(tuple(items.values()))


class _Read:
    """Items that were read before, by the name of their row; replaced whole, so that whoever looks at it may wait."""

    def __init__(self) -> None:
        self.items: dict[str, tuple[str, str]] = {}

    def keep(self, items: dict[str, tuple[str, str]]) -> None:
        """Add what an answer was made of; where that is too much, nothing else is kept."""
        if not items.keys() <= self.items.keys():
            both = {**self.items, **items}
            self.items = both if len(both) <= _MOST_ITEMS else items


_MOST_ITEMS = 500
_read = _Read()


# The texts are the key: the same reference data are parsed once, and shared by those who read.
@lru_cache(maxsize=16)
def _parsed(items: tuple[tuple[str, str], ...]) -> ReferenceRows:
    indicators = [_indicator(item) for kind, item in items if kind == "indicator"]
    code_lists = [_code_list(item) for kind, item in items if kind == "codelist"]
    return ReferenceRows({one.code: one for one in indicators}, {one.code: one for one in code_lists})


# Revisions never change: what was parsed once is kept.
@lru_cache(maxsize=1000)
def _indicator(item: str) -> Indicator:
    return Indicator.model_validate_json(item)


@lru_cache(maxsize=1000)
def _code_list(item: str) -> CodeList:
    return CodeList.model_validate_json(item)
