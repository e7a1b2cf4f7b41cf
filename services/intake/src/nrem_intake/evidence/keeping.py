"""The folder that files of evidence are kept in: outside of anything that is served, each named by its SHA-256."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile


class Lost(Exception):
    """A file that should be there is not, or is not what it was; carries its SHA-256."""


class Folder:
    """Files by their SHA-256 (hexadecimal), in 256 folders by its first two digits."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, sha256: str, content: bytes) -> None:
        """Keep the bytes, once; whole or not at all, and on the disk when this returns."""
        path = self.place(sha256)
        if path.exists():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises Lost."""
        try:
            content = self.place(sha256).read_bytes()
        except FileNotFoundError as error:
            raise Lost(sha256) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Lost(sha256)
        return content

    def remove(self, sha256: str) -> None:
        """Forget the bytes; nothing happens where they are gone already."""
        self.place(sha256).unlink(missing_ok=True)

    def place(self, sha256: str) -> Path:
        """Where they are, or would be. Raises ValueError for what is no SHA-256."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"{sha256[:80]!r} is no SHA-256")
        return self._path / sha256[:2] / sha256
