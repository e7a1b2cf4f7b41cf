"""The process that reads or writes one workbook and ends: input and answer through pipes.

What comes from outside is read with bounded memory and time, and without the service's secrets at hand.
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
from typing import BinaryIO

#: Address space and seconds of computing for reading one file.
MEMORY, SECONDS = 1024 * 1024 * 1024, 20


def read(source: BinaryIO, target: BinaryIO) -> None:
    """A file → its sheets as JSON, or `{"refused": code}`."""
    from nrem_intake.spreadsheets.opening import Unopenable, open_workbook
    from nrem_intake.spreadsheets.wire import packed

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        target.write(packed(open_workbook(source.read())))
    except Unopenable as error:
        target.write(json.dumps({"refused": error.code}).encode())
    except MemoryError:
        target.write(json.dumps({"refused": "too_large"}).encode())


def write(source: BinaryIO, target: BinaryIO) -> None:
    """A book (of our own making, pickled by our parent) → the file."""
    from nrem_intake.spreadsheets.writing import write as written

    target.write(written(pickle.load(source)))  # noqa: S301 - from the process that started this one


if __name__ == "__main__":
    {"read": read, "write": write}[sys.argv[1]](sys.stdin.buffer, sys.stdout.buffer)
