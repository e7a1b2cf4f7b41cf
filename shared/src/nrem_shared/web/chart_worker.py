"""The process that draws charts: reads one specification a line, answers one line, ends with its input.

Vega-Lite runs in a JavaScript engine (some 90 MB); kept out of the services, it neither holds their event loop nor
their memory, and because it reads a pipe it dies with its parent.
"""

import json
import sys
from typing import Any, TextIO

import vl_convert


def draw(request: dict[str, Any]) -> dict[str, str]:
    """``{"spec", "locale"}`` → ``{"svg"}``, or ``{"error"}`` with the reason."""
    try:
        return {"svg": vl_convert.vegalite_to_svg(request["spec"], format_locale=request["locale"])}
    except ValueError as refused:
        return {"error": str(refused)}


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answer until the input ends."""
    for line in requests:
        answers.write(json.dumps(draw(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
