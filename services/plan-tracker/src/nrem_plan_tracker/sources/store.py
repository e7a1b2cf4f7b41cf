"""SQL of institutions, periods and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.reference import CodeList
from nrem_shared.runtime.working_days import CALENDAR_LIST, WorkingDays

if TYPE_CHECKING:
    from nrem_shared.contracts.periods import PeriodOpened
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A reporting period; `owes` are the members named when it opened."""

    code: str
    group: str
    due: date
    owes: tuple[str, ...]
    illustrative: bool


async def save_institution(conn: Connection, data: InstitutionRegistered, revision: int) -> None:
    """Keep the newest revision."""
    await conn.execute(
        """
        insert into projection.institution as held (code, revision, item) values ($1, $2, $3)
        on conflict (code) do update set revision = excluded.revision, item = excluded.item
         where held.revision < excluded.revision
        """,
        data.code,
        revision,
        data.model_dump(mode="json"),
    )


async def save_period(conn: Connection, data: PeriodOpened, revision: int) -> None:
    """Keep the newest opening."""
    await conn.execute(
        """
        insert into projection.period as held (code, revision, group_code, due, owes, illustrative)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (code) do update
           set revision = excluded.revision, group_code = excluded.group_code, due = excluded.due,
               owes = excluded.owes, illustrative = excluded.illustrative
         where held.revision < excluded.revision
        """,
        data.code,
        revision,
        data.group,
        data.due,
        sorted(data.owes),
        data.illustrative,
    )


async def save_code_list(conn: Connection, data: CodeList, revision: int) -> None:
    """Keep the newest revision."""
    await conn.execute(
        """
        insert into projection.code_list as held (code, revision, item) values ($1, $2, $3)
        on conflict (code) do update set revision = excluded.revision, item = excluded.item
         where held.revision < excluded.revision
        """,
        data.code,
        revision,
        data.model_dump(mode="json"),
    )


async def institutions(conn: Connection) -> dict[str, InstitutionRegistered]:
    """Code → institution."""
    rows = await conn.fetch("select item from projection.institution order by code")
    return {one.code: one for one in (InstitutionRegistered.model_validate(row["item"]) for row in rows)}


async def periods(conn: Connection) -> list[PeriodRow]:
    """All periods, newest first."""
    rows = await conn.fetch(
        "select code, group_code, due, owes, illustrative from projection.period order by code desc"
    )
    return [PeriodRow(r["code"], r["group_code"], r["due"], tuple(r["owes"]), r["illustrative"]) for r in rows]


async def period(conn: Connection, code: str) -> PeriodRow | None:
    """One period; null where it never opened."""
    return next((one for one in await periods(conn) if one.code == code), None)


async def working_days(conn: Connection) -> WorkingDays:
    """The calendar as reference data holds it; the plain week where it holds none."""
    row = await conn.fetchrow("select item from projection.code_list where code = $1", CALENDAR_LIST)
    return WorkingDays.from_code_lists([CodeList.model_validate(row["item"])] if row else [])
