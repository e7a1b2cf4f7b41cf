"""SQL of what obligations are computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.contracts.members import ContactChanged
    from nrem_shared.contracts.periods import PeriodOpened
    from nrem_shared.contracts.submissions import SubmissionStream
    from nrem_shared.runtime.database import Connection


async def save_contacts(conn: Connection, rows: Sequence[tuple[ContactChanged, int]]) -> None:
    """Newest revision of each contact; one row a contact in `rows`."""
    await conn.execute(
        """
        insert into projection.contact as c (id, member, role, address, language, revision)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
        on conflict (id) do update
           set member = excluded.member, role = excluded.role, address = excluded.address,
               language = excluded.language, revision = excluded.revision
         where c.revision < excluded.revision
        """,
        [data.contact for data, _ in rows],
        [data.member for data, _ in rows],
        [data.role for data, _ in rows],
        [data.address for data, _ in rows],
        [data.language for data, _ in rows],
        [revision for _, revision in rows],
    )


async def delete_contacts(conn: Connection, ids: Sequence[str]) -> None:
    """Forget erased contacts."""
    await conn.execute("delete from projection.contact where id = any($1::text[])", list(ids))


async def save_periods(conn: Connection, rows: Sequence[tuple[PeriodOpened, int]]) -> None:
    """Periods as they opened; few at a time."""
    await conn.executemany(
        """
        insert into projection.period as p (code, due, owes, revision) values ($1, $2, $3, $4)
        on conflict (code) do update set due = excluded.due, owes = excluded.owes, revision = excluded.revision
         where p.revision < excluded.revision
        """,
        [(data.code, data.due, list(data.owes), revision) for data, revision in rows],
    )


async def save_submissions(conn: Connection, rows: Sequence[tuple[SubmissionStream, int]]) -> None:
    """Newest state of each stream; one row a stream in `rows`."""
    await conn.execute(
        """
        insert into projection.submission as s (period, member, state, due, first_submitted_at, revision)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::timestamptz[], $6::bigint[])
        on conflict (period, member) do update
           set state = excluded.state, due = excluded.due, first_submitted_at = excluded.first_submitted_at,
               revision = excluded.revision
         where s.revision < excluded.revision
        """,
        [data.period for data, _ in rows],
        [data.member for data, _ in rows],
        [data.state for data, _ in rows],
        [data.due for data, _ in rows],
        [data.first_submitted_at for data, _ in rows],
        [revision for _, revision in rows],
    )


async def members_without_contact(conn: Connection) -> int:
    """How many members owe a submission and have no focal point to write to."""
    count: int = await conn.fetchval(
        """
        select count(distinct m) from projection.period p cross join unnest(p.owes) as m
         where not exists (select from projection.contact c where c.member = m and c.role = 'focal_point')
        """
    )
    return count
