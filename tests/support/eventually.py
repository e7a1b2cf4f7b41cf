"""Waiting for something to become true, to a deadline."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(
    check: Callable[[], T | Awaitable[T]], *, seconds: float = 15.0, every: float = 0.02, what: str = ""
) -> T:
    """The first true answer of `check`; fails with its last answer (or assertion) at the deadline.

    `check` may be plain or async, and may use `assert`: a failed assertion counts as not yet.
    """
    deadline = time.monotonic() + seconds
    while True:
        failure: AssertionError | None = None
        answer: object = None
        try:
            answer = check()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return answer  # type: ignore[return-value]
        except AssertionError as error:
            failure = error
        if time.monotonic() > deadline:
            raise failure or AssertionError(f"not within {seconds} s: {what or check}; last answer {answer!r}")
        await asyncio.sleep(every)


async def stays(check: Callable[[], T | Awaitable[T]], *, seconds: float, every: float = 0.05) -> None:
    """Fails as soon as `check` gives a false answer within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer: object = check()
        if inspect.isawaitable(answer):
            answer = await answer
        assert answer, f"did not stay so for {seconds} s: {check}"
        await asyncio.sleep(every)
