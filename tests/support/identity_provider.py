"""A small identity provider in a process of its own, over HTTP; and a person who presses its button."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx

from nrem_embedded.servers.ports import free_port

SECONDS = 30


@dataclass(frozen=True)
class IdentityProvider:
    """`issuer` for intake's settings."""

    issuer: str

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody with these claims."""
        httpx.put(f"{self.issuer}/users/{subject}", json=claims, timeout=SECONDS).raise_for_status()

    def approve(self, address: str, subject: str, action: str = "authorize") -> str:
        """Press the button of the page at `address`; where the browser is sent."""
        answer = httpx.post(address, data={"sub": subject, "action": action}, timeout=SECONDS)
        assert answer.status_code in (302, 303), answer.text
        return unescape(answer.headers["location"])


@contextmanager
def identity_provider(port: int | None = None) -> Iterator[IdentityProvider]:
    """A provider with a new signing key, until the end of the block."""
    port = port or free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    process = subprocess.Popen([*command, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(f"http://localhost:{port}", process)
        yield IdentityProvider(f"http://localhost:{port}")
    finally:
        process.terminate()
        process.wait(SECONDS)


def _await(issuer: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            if httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=SECONDS).status_code == 200:
                return
        except httpx.TransportError:
            assert process.poll() is None, "the identity provider ended"
            assert time.monotonic() < deadline, "the identity provider does not answer"
            time.sleep(0.05)
