"""Page for operators: who has a second factor, and taking a lost device away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.identity.second_factor import store
from nrem_intake.identity.second_factor.commands import Person, take_away
from nrem_intake.members import store as members_store
from nrem_intake.submissions.authorship import not_found
from nrem_shared.contracts.members import ContactRole
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.operations import Line
from nrem_shared.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,15}$")]


@router.get("/second-factors")
async def second_factors(request: Request, done: Literal["", "taken"] = "") -> HTMLResponse:
    """Offices whose holder has a device; no addresses."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        devices = await store.all_confirmed(conn)
        names = {code: item.name for code, (_, item) in (await members_store.institutions(conn)).items()}
        contacts = await store.offices(conn)
    lines: list[Mapping[str, object]] = []
    for row in contacts:
        since = devices.get(Person.at(runtime, row["address"]).key)
        if since is not None:
            lines.append({"code": row["member"], "role": row["role"], "name": names[row["member"]], "since": since})
    return page(
        request,
        "intake/second_factors.html",
        title="second_factor.lost_title",
        lines=lines,
        done=done,
        root=request.scope.get("root_path", ""),
        current="/reminders/operations",
    )


@router.post("/second-factors/{code}/{role}")
async def forget(request: Request, code: Code, role: ContactRole) -> Response:
    """Device and recovery codes are worth nothing any more."""
    runtime = runtime_of(request)
    if not await take_away(runtime, code, role, current_principal(request).subject):
        raise not_found(request)
    to = f"{request.scope.get('root_path', '')}/second-factors?done=taken"
    return see_other(to, secure=runtime.settings.secure_cookies)


async def operations_lines(request: Request) -> list[Line]:
    """For the operator's panel: how many have a device, and where a lost one is taken away."""
    if not current_principal(request).has("operator"):
        return []
    async with runtime_of(request).pool.acquire() as conn:
        devices = await store.all_confirmed(conn)
    href = f"{request.scope.get('root_path', '')}/second-factors"
    return [Line("second_factor.devices", len(devices), href=href)]
