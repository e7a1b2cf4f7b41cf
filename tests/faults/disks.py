"""Small file systems for servers, to be filled up."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

SIZE = {"postgres": "400m", "kafka": "400m"}


@cache
def may_mount() -> bool:
    """Whether this user may mount a file system of its own."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return False
        subprocess.run(["umount", folder], check=True)
        return True


@contextmanager
def small_disks(folder: Path) -> Iterator[None]:
    """The servers of a state folder get a small file system each, where that is possible."""
    mounted = []
    try:
        for name, size in SIZE.items() if may_mount() else ():
            place = folder / name
            place.mkdir()
            options = f"size={size},mode=0755"
            subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)
            mounted.append(place)
        yield
    finally:
        for place in mounted:
            subprocess.run(["umount", str(place)], check=True)


@contextmanager
def full(place: Path) -> Iterator[None]:
    """Not a byte is left in the block."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            _fill(file.fileno(), size)
    try:
        yield
    finally:
        ballast.unlink()


def _fill(descriptor: int, size: int) -> None:
    block = b"\0" * size
    try:
        while True:
            os.write(descriptor, block)
    except OSError:
        return
