"""How much memory a server holds."""

from pathlib import Path

import psutil

MEGABYTE = 1024 * 1024


def memory_held(pid: int) -> float:
    """Memory of a process and its children in MB (1,048,576 bytes); 0 if it has ended.

    On Linux the proportional set size: pages shared by PostgreSQL's processes count once. Elsewhere, or where the
    kernel doesn't let us look, the resident set size, which counts them once per process.
    """
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(bytes_of(member) for member in family) / MEGABYTE


def bytes_of(process: psutil.Process) -> int:
    """Bytes held by one process; 0 if it has ended meanwhile."""
    try:
        return proportional(Path(f"/proc/{process.pid}/smaps_rollup").read_text())
    except (OSError, ValueError):
        pass
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def proportional(rollup: str) -> int:
    """The `Pss` line of a `smaps_rollup` text, in bytes; `ValueError` if there is none."""
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError("no Pss line")
