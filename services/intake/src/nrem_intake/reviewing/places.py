"""Addresses of what is reviewed, and names for those who are reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nrem_intake.periods import store as periods_store
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.streams import load_streams
from nrem_shared.runtime.requests import runtime_of

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_intake.reviewing.domain.attention import Line
    from nrem_intake.submissions.domain.labels import Labels


def root_of(request: Request) -> str:
    """Where intake begins in the browser's address."""
    return str(request.scope.get("root_path", ""))


def submission_at(request: Request, period: str, member: str) -> str:
    """The page of one submission."""
    return f"{root_of(request)}/periods/{period}/submissions/{member}"


def version_at(request: Request, period: str, member: str, version: int) -> str:
    """Where the pages of one version begin."""
    return f"{submission_at(request, period, member)}/versions/{version}"


def line_at(request: Request, line: Line) -> str:
    """Where a line of the queue leads: to the review of what waits, else to the submission."""
    one = line.standing
    if one.pending_version is not None:
        return version_at(request, one.period, one.member, one.pending_version) + "/review"
    return submission_at(request, one.period, one.member)


def reminder_at(line: Line) -> str | None:
    """Where the member can be reminded now (a page of the notifier), for what is missing or was returned."""
    one = line.standing
    if one.closed or line.state not in ("missing", "returned", "due"):
        return None
    key = f"QUARTER/{one.period}/{one.member}"
    if line.state == "returned":
        key = f"RESUBMIT/{one.period}/{one.member}/{one.version}"
    return f"/reminders/obligation?key={quote(key, safe='/')}"


async def names(request: Request, conn: Any) -> Labels | None:
    """What everything is called, by the reference data of the newest period; null while there is no period."""
    periods = await periods_store.periods(conn)
    if not periods:
        return None
    known = await load_streams(conn, catalogues_of(runtime_of(request)), [(periods[0]["code"], "")])
    return next((found.in_force.labels for found in known.values()), None)
