"""What a back-up says of itself: `manifest.json`, the last member of its file."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class TableCopy(_Part):
    """One table in PostgreSQL's own text format (COPY). `sha256` is that of the member as it was before compression."""

    name: str
    columns: tuple[str, ...]
    rows: int
    member: str
    sha256: str


class ServiceCopy(_Part):
    """One service's facts at one moment: schema (file → checksum), the journal's head, tables in order of restoring."""

    release: str
    migrations: dict[str, str]
    position: int
    head: str
    tables: tuple[TableCopy, ...]


class SecretCopy(_Part):
    """A secret without which the data is of no use: keys of institutions are kept under the pepper."""

    name: str
    member: str
    sha256: str


class FileCopy(_Part):
    """A file of evidence, named by the SHA-256 of its bytes."""

    member: str
    sha256: str


class Manifest(_Part):
    """`content` is that of a demonstration, or `empty` for everything else."""

    format: Literal["nrem-backup-1"] = "nrem-backup-1"
    made_at: datetime
    content: Literal["demonstration", "empty"]
    services: dict[str, ServiceCopy]
    secrets: tuple[SecretCopy, ...]
    evidence: tuple[FileCopy, ...] = ()


def checksum(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()
