"""Health of the service in this container: `python healthy.py ROLE`; exit status 0, or 1 with the reason.

An API is healthy when its database answers and what it knows is fresh; a consumer too, unless it halted; a relay when
nothing waits to be sent for long. Reads with bare sockets: a check every few seconds must cost next to nothing.
"""

from __future__ import annotations

import json
import re
import socket
import sys

ADDRESS = ("127.0.0.1", 8000)
TIMEOUT = 4.0
#: Unsent journal rows may wait so long before the relay counts as unhealthy (the alert has the same limit).
RELAY_LAG_SECONDS = 30.0

PATHS = {"api": "/health/ready", "consume": "/health/ready", "relay": "/health/live", "remind": "/health/live"}
_LAG = re.compile(rb"^nrem_relay_lag_seconds (\S+)$", re.MULTILINE)


def main(role: str) -> int:
    """Check, and say what is wrong."""
    try:
        reason = unhealthy(role)
    except OSError as error:
        reason = f"no answer: {error}"
    if reason:
        sys.stdout.write(reason + "\n")
    return 1 if reason else 0


def unhealthy(role: str) -> str | None:
    """Why the container is not healthy; null where it is. Raises OSError where nothing answers."""
    status, body = get("/health/live")
    if status == 200 and PATHS.get(role) != "/health/live":
        status, body = get("/health/ready")
    if status != 200:
        return reason_in(body) or f"status {status}"
    if role == "relay":
        found = _LAG.search(get("/metrics")[1])
        if found is None:
            return "the relay does not say how far it is"
        if float(found[1]) > RELAY_LAG_SECONDS:
            return f"the relay is {float(found[1]):.0f} s behind"
    return None


def get(path: str) -> tuple[int, bytes]:
    """Status and body of an answer. Raises OSError."""
    with socket.create_connection(ADDRESS, TIMEOUT) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    if len(words) < 2:
        raise OSError("an empty answer")
    return int(words[1]), body


def reason_in(body: bytes) -> str | None:
    """What a problem says."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "api"))
