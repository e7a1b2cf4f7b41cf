"""Keeping gauges current: a look every few seconds, for as long as the service runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.logs import logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nrem_shared.runtime.service import Runtime

_log = logger(__name__)


def every(seconds: float, look: Callable[[Runtime], Awaitable[None]]) -> Callable[[Runtime], Awaitable[None]]:
    """A background role that looks until it is cancelled, with so many seconds in between.

    While the database is away the gauges stay as they were; any other error of `look` ends the role.
    """

    async def observe(runtime: Runtime) -> None:
        while True:
            try:
                await look(runtime)
            except TRANSIENT as error:
                _log.warning("gauges stay as they were: database is away", error=repr(error))
            await asyncio.sleep(seconds)

    return observe
