"""Opening and closing reporting periods. Each runs inside one `Journal.writing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from nrem_intake.members import store as members_store
from nrem_intake.periods import store
from nrem_intake.periods.domain import last_day, owing
from nrem_intake.reference import store as reference_store
from nrem_shared.contracts.periods import PeriodClosed, PeriodOpened, ReferenceVersion
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import FieldError, Problem

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing


@dataclass(frozen=True, slots=True)
class ToOpen:
    """A quarter to open; `owes` null = whoever is a member of the group on this day."""

    code: str
    group: str
    due: date
    illustrative: bool = False
    owes: tuple[str, ...] | None = None


async def open_period(writing: Writing, wanted: ToOpen) -> None:
    """Freeze who owes a submission. Raises the 422 problem (`before_end`, `no_members`), 409 where it was opened."""
    if wanted.due <= last_day(wanted.code):
        text = f"it must lie after the quarter's last day, {last_day(wanted.code).isoformat()}"
        raise Problem.invalid([FieldError("/due", "before_end", text)])
    if await store.period(writing.conn, wanted.code) is not None:
        raise Problem.conflict(f"{wanted.code} was opened before.")
    owes = wanted.owes or await _members(writing, wanted.group)
    if not owes:
        text = f"{wanted.group} has no members on {local_date(writing.now).isoformat()}"
        raise Problem.invalid([FieldError("/group", "no_members", text)])
    await store.open_period(writing.conn, wanted.code, wanted.group, wanted.due, owes, wanted.illustrative, writing.now)
    data = PeriodOpened(
        code=wanted.code, due=wanted.due, group=wanted.group, owes=tuple(owes), illustrative=wanted.illustrative
    )
    writing.record(Fact("nrem.period.opened.v1", f"period/{wanted.code}", 1, data))


async def _members(writing: Writing, group: str) -> Sequence[str]:
    known = await members_store.institutions(writing.conn)
    return owing((item for _, item in known.values()), group, local_date(writing.now))


async def close_period(writing: Writing, code: str) -> None:
    """Carry the manifest. Raises the 404 problem (no such period), 409 where it was closed."""
    known = await store.period(writing.conn, code)
    if known is None:
        raise Problem.not_found(f"There is no period {code}.")
    if known["state"] == "closed":
        raise Problem.conflict(f"{code} was closed before.")
    data = PeriodClosed(
        code=code,
        accepted=await store.accepted_versions(writing.conn, code),
        reference=tuple(
            ReferenceVersion(kind=kind, code=item, revision=revision)
            for kind, item, revision in await reference_store.in_force(writing.conn)
        ),
    )
    revision = known["revision"] + 1
    await store.close_period(writing.conn, code, revision, data.model_dump(mode="json"), writing.now)
    writing.record(Fact("nrem.period.closed.v1", f"period/{code}", revision, data))
