"""Ports on 127.0.0.1 that stay the same from start to start where possible."""

import random
import socket
from pathlib import Path

from nrem_embedded.servers.process import ServerError

HOST = "127.0.0.1"
# Below the range that systems give to outgoing connections, so that none of those takes a remembered port.
RANGE = range(20_000, 30_000)
ATTEMPTS = 200


class PortTakenError(ServerError):
    """The port that was asked for is used by another program."""


def choose_port(memory: Path, wanted: int | None = None) -> int:
    """The port `wanted`, else the one remembered in the file `memory`, else a free one; remembers the result.

    Raises `PortTakenError` only for `wanted`: a remembered port that is taken is replaced.
    """
    if wanted is not None:
        if not is_free(wanted):
            raise PortTakenError(f"port {wanted} on {HOST} is used by another program")
        port = wanted
    else:
        remembered = read_port(memory)
        port = remembered if remembered is not None and is_free(remembered) else free_port()
    memory.write_text(f"{port}\n")
    return port


def read_port(memory: Path) -> int | None:
    """The remembered port, or None if there is none or the file is damaged."""
    text = memory.read_text(errors="replace").strip() if memory.exists() else ""
    return int(text) if text.isdecimal() and 0 < int(text) < 65_536 else None


def free_port() -> int:
    """A port nobody listens on now."""
    for port in random.sample(RANGE, ATTEMPTS):
        if is_free(port):
            return port
    raise PortTakenError(f"no free port found on {HOST} between {RANGE.start} and {RANGE.stop}")


def is_free(port: int) -> bool:
    """Whether `port` can be listened on; connections that are still closing don't count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def accepts(port: int) -> bool:
    """Whether a server answers connections on `port`."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((HOST, port)) == 0
