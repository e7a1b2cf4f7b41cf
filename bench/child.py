"""A process of its own for each thing measured: `python -m bench.child module:function`, arguments as JSON on stdin.

A coroutine function is run and its result printed; a context manager is entered, what it yields is printed, and it is
left when stdin ends. So no child outlives the command, however that ends.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from typing import Any


def main() -> None:
    module, _, name = sys.argv[1].partition(":")
    arguments = json.loads(sys.stdin.readline())
    import uvloop

    uvloop.run(_run(getattr(importlib.import_module(module), name)(**arguments)))


async def _run(work: Any) -> None:
    if hasattr(work, "__aenter__"):
        async with work as told:
            say(told)
            await asyncio.to_thread(sys.stdin.read)
    else:
        say(await work)


def say(result: Any) -> None:
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
