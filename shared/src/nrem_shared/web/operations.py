"""What an operator sees of one service: how far it is, what it lacks, what it did not understand, what to do.

Every service shows its own state under `/operations`; the pages link to each other, and the browser goes there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from nrem_shared.runtime import operations
from nrem_shared.runtime.identity.authorisation import Rule, current_principal
from nrem_shared.runtime.projection import store
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import page

RULES: Final = {
    "GET /operations": Rule("operator", "coordinator"),
    "POST /operations/replay": Rule("operator"),
}

#: Service → its panel, as the browser reaches it.
PANELS: Final = {
    "intake": "/intake/operations",
    "statistics": "/statistics/operations",
    "plan-tracker": "/plan/operations",
    "notifier": "/reminders/operations",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to know about a service: `label` and `advice` are message ids, `values` fill them in; null = nothing.

    `amiss` = somebody should act; then the advice says how. `href` leads to more.
    """

    label: str
    value: str | int | None
    amiss: bool = False
    advice: str = ""
    href: str = ""
    values: Mapping[str, object] | None = None


#: What a service adds of its own.
More = Callable[[Request], Awaitable[Sequence[Line]]]


async def _nothing_more(_: Request) -> Sequence[Line]:
    return ()


def operations_router(more: More = _nothing_more) -> APIRouter:
    """The panel of a service; its authorisation table takes in `RULES`."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

    @router.get("/operations")
    async def panel(request: Request, replayed: bool = False) -> HTMLResponse:
        """This service as it stands."""
        return await _panel(request, [*await _lines(request), *await more(request)], replayed)

    @router.post("/operations/replay")
    async def replay(request: Request) -> Response:
        """Try records again that were not understood, and back to the panel."""
        await operations.replay(request)
        return see_other(f"{request.scope.get('root_path', '')}/operations?replayed=true")

    return router


async def _panel(request: Request, lines: Sequence[Line], replayed: bool) -> HTMLResponse:
    runtime = runtime_of(request)
    status = await operations.status(request)
    async with runtime.pool.acquire() as conn:
        generation = await store.generation(conn)
    return page(
        request,
        "nrem/operations.html",
        title="operations.title",
        title_values={"service": runtime.blueprint.name},
        current="/reminders/operations",
        status_=status,
        generation=str(generation)[:8],
        lines=lines,
        letters=await operations.dead_letters(request),
        may_replay=current_principal(request).has("operator"),
        may_redact=current_principal(request).has("coordinator") and "GET /redact" in request.app.state.rules,
        replayed=replayed,
        panels=PANELS,
        root=request.scope.get("root_path", ""),
    )


async def _lines(request: Request) -> list[Line]:
    """What is the same in every service."""
    status, limit = await operations.status(request), runtime_of(request).settings.fresh_seconds
    stale = sorted(topic for topic, age in status.freshness_seconds.items() if age is None or age > limit)
    waiting = status.journal_position - status.relayed_position
    return [
        Line("operations.halted", status.halted, bool(status.halted), "operations.halted_advice"),
        Line("operations.behind", status.behind, bool(stale) and status.behind > 0, "operations.behind_advice"),
        Line(
            "operations.stale",
            ", ".join(stale) or None,
            bool(stale),
            "operations.stale_advice",
        ),
        Line("operations.gaps", status.gaps, status.gaps > 0, "operations.gaps_advice"),
        Line("operations.letters", status.dead_letters, status.dead_letters > 0, "operations.letters_advice"),
        Line("operations.relay", waiting, waiting > RELAY_BACKLOG, "operations.relay_advice"),
    ]


#: Facts that may wait for the relay for a moment; more than this is a backlog.
RELAY_BACKLOG: Final = 100
