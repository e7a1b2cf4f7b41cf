"""How commands end: what is printed where, and the exit status."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import typer
from rich.console import Console

DIFFERS = 1
BAD_INPUT = 2


class Refused(Exception):
    """What was given cannot be used as things stand; the text says why and what to do. Exit status 2."""


class Failed(Exception):
    """It was tried and did not work. Exit status 1."""


def out() -> Console:
    """Where results go."""
    return Console(highlight=False, soft_wrap=True)


def errors() -> Console:
    """Where complaints go."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def finish(work: Coroutine[Any, Any, int], *, loop: Callable[[], asyncio.AbstractEventLoop] | None = None) -> None:
    """Run a command to its end, on an event loop of the kind given; known errors become one clear line.

    Raises typer.Exit.
    """
    with asyncio.Runner(loop_factory=loop) as runner:
        raise typer.Exit(runner.run(_guarded(work)))


async def _guarded(work: Coroutine[Any, Any, int]) -> int:
    from nrem_embedded.documents import BadDocument
    from nrem_embedded.institutions import ApiError, NotSettled, Unreachable
    from nrem_embedded.platform.server import PortTaken
    from nrem_embedded.platform.state import StateError
    from nrem_embedded.servers import ServerError

    try:
        return await work
    except BadDocument as error:
        for fault in error.faults:
            errors().print(str(fault), markup=False)
        return BAD_INPUT
    except (Refused, StateError, PortTaken, FileNotFoundError) as error:
        errors().print(str(error), markup=False, style="red")
        return BAD_INPUT
    except (Failed, ApiError, NotSettled, Unreachable, ServerError) as error:
        errors().print(str(error), markup=False, style="red")
        return DIFFERS
