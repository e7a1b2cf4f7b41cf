"""One installation in containers, under a name and on ports of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

#: A machine that is busy with other things takes its time.
UP_SECONDS = 420.0
HEALTHY_SECONDS = 150.0


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now, all different."""
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in taken:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in taken]


@dataclass
class Stack:
    """What `docker compose` does for one installation; `times` = seconds that its steps took."""

    root: Path
    name: str
    secrets: Path
    times: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port, self.prometheus_port, mailpit = free_ports(3)
        self._environment = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": self.name,
            "NREM_SECRETS": str(self.secrets),
            "NREM_CONTENT": "empty",
            "PORT": str(self.port),
            "PROMETHEUS_PORT": str(self.prometheus_port),
            "MAILPIT_PORT": str(mailpit),
        }

    @property
    def url(self) -> str:
        """Where the gateway answers."""
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str, limit: float = 120, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One command; raises AssertionError with its output where it fails."""
        done = subprocess.run(self._command(*arguments), timeout=limit, **self._options())
        assert not check or done.returncode == 0, f"docker compose {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """One command that goes on meanwhile."""
        options = {name: value for name, value in self._options().items() if name != "capture_output"}
        return subprocess.Popen(self._command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)

    def _command(self, *arguments: str) -> list[str]:
        return ["docker", "compose", "--env-file", "deploy/demonstration.env", *arguments]

    def _options(self) -> dict[str, Any]:
        return {"cwd": self.root, "env": self._environment, "text": True, "capture_output": True}

    def up(self) -> None:
        """Make secrets, build, start, and wait until everything is healthy."""
        subprocess.run(["deploy/make-secrets", str(self.secrets)], cwd=self.root, check=True, capture_output=True)
        self.timed("build", lambda: self.compose("build", limit=UP_SECONDS))
        self.timed("up --wait", lambda: self.compose("up", "--wait", limit=UP_SECONDS))

    def down(self) -> None:
        """Stop and remove everything that is ours, volumes too."""
        self.timed("down", lambda: self.compose("down", "--volumes", "--remove-orphans", limit=180, check=False))

    def timed(self, what: str, action: Any) -> float:
        """Run it, and keep how long it took."""
        began = time.monotonic()
        action()
        self.times[what] = time.monotonic() - began
        return self.times[what]

    def nrem(self, *arguments: str, limit: float = 300, check: bool = True) -> str:
        """A command of the `nrem` command line inside the installation; returns what it printed."""
        return self.compose("run", "--rm", "-T", "nrem", *arguments, limit=limit, check=check).stdout

    def containers(self) -> dict[str, dict[str, Any]]:
        """Service → what the engine says of its container."""
        ids = self.compose("ps", "--all", "--quiet").stdout.split()
        shown = subprocess.run(["docker", "inspect", *ids], check=True, capture_output=True, text=True).stdout
        return {each["Config"]["Labels"]["com.docker.compose.service"]: each for each in json.loads(shown)}

    def start_alone(self, *containers: str) -> None:
        """Start containers without what they depend on."""
        subprocess.run(["docker", "start", *containers], check=True, capture_output=True, timeout=120)

    def wait_until_healthy(self) -> None:
        """Every container that stays is running and healthy; raises AssertionError with those that are not."""
        deadline = time.monotonic() + HEALTHY_SECONDS
        while ill := self._ill():
            assert time.monotonic() < deadline, ill
            time.sleep(0.5)

    def _ill(self) -> dict[str, str]:
        states = {name: each["State"] for name, each in self.containers().items() if "Health" in each["State"]}
        return {
            name: f"{state['Status']}, {state['Health']['Status']}: {(state['Health']['Log'] or [{}])[-1]}"
            for name, state in states.items()
            if (state["Status"], state["Health"]["Status"]) != ("running", "healthy")
        }

    def client(self) -> httpx.Client:
        """The coordinator's way in."""
        key = json.loads(self.nrem("first-key"))
        form = {"grant_type": "client_credentials", "client_id": key["member"], "client_secret": key["secret"]}
        token = httpx.post(f"{self.url}/intake/api/oauth/token", data=form, timeout=30).raise_for_status().json()
        headers = {"authorization": f"Bearer {token['access_token']}", "accept": "application/json"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)
