"""Request bodies of submissions: bounded before they are read, parsed without losing where they are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic_core import from_json

from nrem_shared.runtime.journal.writing import MAX_PAYLOAD
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.readable import unreadable_in

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.types import Message, Receive

#: One submission: an event carries it whole, so it cannot be larger than one.
LARGEST_SUBMISSION = MAX_PAYLOAD
#: A file sent by a form, with the form around it.
LARGEST_FORM = 2 * MAX_PAYLOAD
#: A form with files chosen in it: each is checked for its own size.
LARGEST_WITH_FILES = 48 * 1024 * 1024
#: Up to 200 submissions in one request.
LARGEST_BULK = 16 * 1024 * 1024


def bounded(largest: int, *, with_files: int | None = None) -> type[APIRoute]:
    """A route that answers 413 as soon as a body is larger than `largest` bytes; nothing larger is held in memory.

    A form with files (`multipart/form-data`: they are kept on the disk while they arrive) may have `with_files` bytes.
    """

    class BoundedRoute(APIRoute):
        """Counts the body while it arrives."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            """The route's handler, with a body that ends in a problem when it grows too large."""
            handle = super().get_route_handler()

            async def handle_bounded(request: Request) -> Response:
                multipart = request.headers.get("content-type", "").startswith("multipart/form-data")
                limit = with_files if with_files is not None and multipart else largest
                return await handle(Request(request.scope, counted(request, limit)))

            return handle_bounded

    return BoundedRoute


def counted(request: Request, largest: int) -> Receive:
    """The request's body, which ends in the 413 problem where it grows too large, or says that it will."""
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > largest:
            raise too_large(largest)
        return message

    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > largest:
        raise too_large(largest)
    return receive


def too_large(largest: int) -> Problem:
    """The 413 problem."""
    return Problem.too_large(f"At most {largest // 1024} kB fit into one request; split it, or refer to documents.")


async def json_body(request: Request) -> Any:
    """The body as parsed JSON. Raises the 400 problem with the place where it stops being JSON."""
    try:
        body = await request.body()
        document = from_json(body, allow_inf_nan=False)
    except (ValueError, RecursionError) as error:
        raise Problem.malformed(f"The body is no JSON: {error}.") from error
    if errors := unreadable_in(body, document):
        raise Problem.invalid(errors)
    return document
