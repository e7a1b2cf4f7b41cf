"""Opening a back-up: its manifest, and its members checked against it before anything is done with them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from nrem_embedded.operating.backups.manifest import Manifest, TableCopy

_CHUNK = 1 << 18


class BadBackup(Exception):
    """The file is no back-up, or is damaged; the text says where."""


@dataclass(frozen=True)
class Backup:
    """A back-up whose every checksum was compared."""

    archive: zipfile.ZipFile
    manifest: Manifest

    def secret(self, name: str) -> bytes | None:
        """One of its secrets; null where it has none of this name."""
        found = next((each for each in self.manifest.secrets if each.name == name), None)
        return self.archive.read(found.member) if found else None

    async def rows(self, table: TableCopy) -> AsyncIterator[bytes]:
        """The rows of a table, as COPY takes them."""
        with self.archive.open(table.member) as source:
            for chunk in _chunks(source):
                yield chunk


@contextmanager
def opened(source: Path | IO[bytes]) -> Iterator[Backup]:
    """Open and check it whole. Raises BadBackup."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = Manifest.model_validate_json(archive.read("manifest.json"))
            for member, sha256 in _expected(manifest):
                if _digest(archive, member) != sha256:
                    raise BadBackup(f"{member} is not what was written: its checksum differs")
            yield Backup(archive, manifest)
    except KeyError as error:
        raise BadBackup(f"it lacks a part: {error.args[0]}") from error
    except zipfile.BadZipFile as error:
        raise BadBackup(f"it is no back-up, or is damaged: {error}") from error
    except ValidationError as error:
        raise BadBackup(f"its manifest is not one of this release's ({error.error_count()} errors)") from error


def _expected(manifest: Manifest) -> Iterator[tuple[str, str]]:
    for service in manifest.services.values():
        for table in service.tables:
            yield table.member, table.sha256
    for secret in manifest.secrets:
        yield secret.member, secret.sha256
    for file in manifest.evidence:
        yield file.member, file.sha256


def _digest(archive: zipfile.ZipFile, member: str) -> str:
    digest = hashlib.sha256()
    with archive.open(member) as source:
        for chunk in _chunks(source):
            digest.update(chunk)
    return digest.hexdigest()


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk
