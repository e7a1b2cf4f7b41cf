"""What several test processes use together: the first to need it begins it, and ends it when nobody uses it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest


def common_folder(paths: pytest.TempPathFactory) -> Path:
    """A folder of this run that all of its processes have."""
    base = paths.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def together(folder: Path, name: str, begun: Callable[[], AbstractContextManager[dict[str, Any]]]) -> Iterator[Any]:
    """What `begun` gives (JSON), in each process that asks; while it begins, the others wait.

    Whoever began it waits at the end until the others have left. Locks are the kernel's: a killed process holds none.
    """
    told = folder / f"{name}.json"
    with (folder / f"{name}.beginning").open("w") as beginning, (folder / f"{name}.users").open("w") as users:
        fcntl.flock(beginning, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        if told.exists():
            fcntl.flock(beginning, fcntl.LOCK_UN)
            yield json.loads(told.read_text())
            return
        with begun() as found:
            told.write_text(json.dumps(found))
            fcntl.flock(beginning, fcntl.LOCK_UN)
            yield found
            fcntl.flock(beginning, fcntl.LOCK_EX)  # whoever comes now begins anew
            told.unlink()
            fcntl.flock(users, fcntl.LOCK_EX)
