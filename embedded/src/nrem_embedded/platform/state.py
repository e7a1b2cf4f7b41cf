"""The state folder: data of the servers, secrets, and `nrem.json`, which tells the commands where everything is."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

SERVICES = ("intake", "statistics", "plan-tracker", "notifier")
_OURS = {"nrem.json", "lock", "secrets", "postgres", "kafka", "logs"}


class StateError(Exception):
    """The state folder cannot be used; the text says why and what to do."""


class Databases(BaseModel):
    """The addresses of one service's database, passwords included: as its app role, and as its owner."""

    app: str
    owner: str


class InstitutionKey(BaseModel):
    """An institution's key: with `member` and `secret` it gets tokens."""

    member: str
    id: str
    secret: str
    roles: tuple[str, ...]


class Installation(BaseModel):
    """What `nrem.json` says. Paths are relative to the folder it lies in.

    `name` is part of the names of databases and topics, where other installations use the same servers. `embedded` =
    its services run in one process on this machine; else the environment says how they are set up.
    """

    model_config = ConfigDict(frozen=True)

    version: Literal[1] = 1
    url: str
    kafka: str
    name: str = ""
    databases: dict[str, Databases]
    content: Literal["demonstration", "empty"]
    loaded: bool = False
    embedded: bool = True
    signing_key_file: str = "secrets/signing-key.pem"
    key_pepper_file: str = "secrets/key-pepper"
    keys_file: str = "secrets/institution-keys.json"

    @property
    def topic_prefix(self) -> str:
        """What stands before the names of this installation's topics."""
        return f"{self.name}." if self.name else ""


class StateFolder:
    """One installation on this machine. Everything secret in it can be read by its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    @property
    def logs(self) -> Path:
        """Where the services' log lines go."""
        return self.path / "logs"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder; raises StateError where another platform runs on it. A killed one holds nothing."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            text = f"the platform already runs on {self.path}; stop it first, or name another folder with --state"
            raise StateError(text) from None
        try:
            yield
        finally:
            os.close(descriptor)

    def clear(self) -> None:
        """Delete everything in it. Raises StateError for a folder that holds anything that is not ours."""
        foreign = sorted({entry.name for entry in self.path.iterdir()} - _OURS)
        if foreign:
            raise StateError(f"{self.path} holds {foreign[0]}, which is not ours: --fresh deletes state folders only")
        for name in _OURS - {"lock"}:
            entry = self.path / name
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink(missing_ok=True)

    def installation(self) -> Installation:
        """What is installed here. Raises StateError where nothing is."""
        path = self.path / "nrem.json"
        try:
            return Installation.model_validate_json(path.read_text())
        except FileNotFoundError:
            raise StateError(f"there is no platform in {self.path} yet: start one with `nrem demo`") from None
        except ValidationError as error:
            raise StateError(f"{path} is damaged ({error.error_count()} errors): start anew with --fresh") from error

    def save(self, installation: Installation) -> None:
        """Write `nrem.json`, whole or not at all."""
        self._write("nrem.json", installation.model_dump_json(indent=2))

    def secret(self, name: str) -> str:
        """A secret of this installation, made up the first time: 256 bits, URL-safe."""
        return self._made_once(f"secrets/{name}", lambda: secrets.token_urlsafe(32))

    def put_secret(self, name: str, text: str) -> None:
        """Keep a secret that comes from elsewhere, such as a back-up."""
        self._write(f"secrets/{name}", text.strip())

    def signing_key(self) -> Path:
        """The PEM file of the ES256 key that signs tokens, made the first time."""
        self._made_once("secrets/signing-key.pem", _new_signing_key)
        return self.path / "secrets/signing-key.pem"

    def keys(self) -> dict[str, InstitutionKey]:
        """Who → key: institutions by their codes, and `coordinator`. Empty before the first start."""
        path = self.path / "secrets/institution-keys.json"
        if not path.exists():
            return {}
        return {who: InstitutionKey.model_validate(key) for who, key in json.loads(path.read_text()).items()}

    def save_keys(self, keys: Mapping[str, InstitutionKey]) -> None:
        """Keep the keys that the platform issued; it shows them only once."""
        content = {who: key.model_dump(mode="json") for who, key in sorted(keys.items())}
        self._write("secrets/institution-keys.json", json.dumps(content, indent=2))

    def _made_once(self, name: str, make: Callable[[], str]) -> str:
        path = self.path / name
        if not path.exists():
            self._write(name, make())
        return path.read_text().strip()

    def _write(self, name: str, text: str) -> None:
        path = self.path / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)


def _new_signing_key() -> str:
    from joserfc.jwk import ECKey  # takes a third of a second: for the first start only

    return ECKey.generate_key("P-256").as_pem(private=True).decode()
