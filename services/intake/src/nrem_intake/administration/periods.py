"""Pages of reporting periods: open, look at, close."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.administration import store
from nrem_intake.administration.forms import administration_at, current_of, day_of, fault, problem_faults, written
from nrem_intake.administration.names import group_years
from nrem_intake.members import store as members_store
from nrem_intake.periods import commands
from nrem_intake.periods import store as periods_store
from nrem_intake.periods.commands import ToOpen
from nrem_intake.periods.proposing import DAYS_TO_REPORT, proposed
from nrem_intake.reference import store as reference_store
from nrem_intake.submissions.authorship import not_found
from nrem_shared.contracts.base import PERIOD_PATTERN
from nrem_shared.contracts.reference import CodeList
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.runtime.working_days import WorkingDays
from nrem_shared.web.rendering import page
from nrem_shared.web.typed import TypedText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.journal import Writing
    from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False)

Code = Annotated[str, Path(pattern=PERIOD_PATTERN)]


@router.get("/administration/periods")
async def periods(request: Request) -> HTMLResponse:
    """All periods, and a form to open the next one."""
    return await _periods(request)


@router.post("/administration/periods")
async def open_period(
    request: Request,
    year: TypedText = "",
    quarter: TypedText = "",
    group: TypedText = "",
    due: TypedText = "",
    illustrative: TypedText = "",
) -> Response:
    """Open one: who owes a submission is frozen by this."""
    given = {"year": year, "quarter": quarter, "group": group, "due": due, "illustrative": illustrative}
    day, errors = _read(given)
    if errors or day is None:
        return await _periods(request, given, errors)
    wanted = ToOpen(f"{year.strip()}-Q{quarter}", group.strip(), day, illustrative == "yes")

    async def command(writing: Writing) -> None:
        await commands.open_period(writing, wanted)

    try:
        return await written(request, f"{administration_at(request)}/periods/{wanted.code}", command)
    except Problem as problem:
        told = [fault("year", "opened_before", value="")] if problem.status == 409 else None
        return await _periods(request, given, told or problem_faults(problem, lambda at: at.removeprefix("/")))


@router.get("/administration/periods/{code}")
async def period(request: Request, code: Code) -> HTMLResponse:
    """One period: who owes what, how far it is, and the button that closes it."""
    async with runtime_of(request).pool.acquire() as conn:
        row = await periods_store.period(conn, code)
        if row is None:
            raise not_found(request)
        known = await members_store.institutions(conn)
        states = {each["state"]: each["n"] for each in await store.reported(conn, code)}
    return page(
        request,
        "intake/period.html",
        title="administration.period",
        title_values={"period": code},
        period=row,
        names={each: known[each][1].name if each in known else each for each in row["owes"]},
        states=states,
        unreported=len(row["owes"]) - sum(states.values()),
        root=request.scope.get("root_path", ""),
        **_common(request),
    )


@router.post("/administration/periods/{code}/close")
async def close(request: Request, code: Code) -> Response:
    """Close it, with its manifest."""

    async def command(writing: Writing) -> None:
        await commands.close_period(writing, code)

    return await written(request, f"{administration_at(request)}/periods/{code}", command)


def _read(given: dict[str, str]) -> tuple[date | None, list[FieldError]]:
    """The due date, and everything wrong with the form."""
    errors = []
    if not (given["year"].strip().isdecimal() and len(given["year"].strip()) == 4):
        errors.append(fault("year", "year", value=""))
    if given["quarter"] not in ("1", "2", "3", "4"):
        errors.append(fault("quarter", "missing", value=""))
    if not given["group"].strip():
        errors.append(fault("group", "missing", value=""))
    try:
        day = day_of(given["due"])
    except ValueError:
        day = None
    if day is None:
        errors.append(fault("due", "day", value=""))
    return day, errors


async def _periods(
    request: Request, given: dict[str, str] | None = None, errors: Sequence[FieldError] = ()
) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        rows = await periods_store.periods(conn)
        known = await members_store.institutions(conn)
        lists = [CodeList.model_validate(each) for each in await reference_store.of_kind(conn, "codelist")]
    groups = sorted({m.group for _, item in known.values() for m in item.memberships}, reverse=True)
    today = local_date(runtime_of(request).clock.now())
    offer = proposed((row["code"] for row in rows), today, WorkingDays.from_code_lists(lists))
    shown = given or {
        "year": offer.year,
        "quarter": offer.quarter,
        "group": rows[0]["grp"] if rows else (groups[0] if groups else ""),
        "due": offer.due.isoformat(),
        "illustrative": "yes" if rows and rows[0]["illustrative"] else "",
    }
    return page(
        request,
        "intake/periods.html",
        title="administration.periods",
        status=422 if errors else 200,
        errors=errors,
        rows=rows,
        groups=groups,
        group_years=group_years(groups),
        days=DAYS_TO_REPORT,
        given=shown,
        **_common(request),
    )


def _common(request: Request) -> dict[str, Any]:
    return {"current": current_of(request), "at": administration_at(request)}
