"""`nrem backup`: the facts of every service while it runs, each as it was at one moment, in one ZIP file."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from nrem_embedded.operating.backups import store
from nrem_embedded.operating.backups.manifest import FileCopy, Manifest, SecretCopy, ServiceCopy, TableCopy, checksum
from nrem_intake.evidence import store as evidence
from nrem_intake.evidence.keeping import Folder, Lost
from nrem_intake.settings import IntakeSettings
from nrem_shared.runtime.journal.verify import examine

if TYPE_CHECKING:
    import asyncpg

    from nrem_embedded.operating.installed import Installation, Installed
    from nrem_embedded.platform.screen import Screen
    from nrem_shared.runtime.database import Connection

#: How far relays were means nothing elsewhere: after a restore everything is sent from the first row.
LEFT_OUT = frozenset({"migration", "relay_mark"})


class Damaged(Exception):
    """A journal does not hold: a back-up of it would pass for a good one."""


def target(given: Path, now: datetime) -> Path:
    """The file to write: `given`, or one named by the moment in the folder `given`."""
    return given / f"nrem-{now:%Y%m%dT%H%M%SZ}.zip" if given.is_dir() else given


async def back_up(
    services: Installation,
    secrets: Mapping[str, bytes],
    content: Literal["demonstration", "empty"],
    into: Path | IO[bytes],
    screen: Screen,
) -> Manifest:
    """Write a file (mode 0600, whole or not at all), or to a stream. Raises Away, Damaged or OSError."""
    if not isinstance(into, Path):
        return await _write(services, secrets, content, into, screen)
    path = into
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            manifest = await _write(services, secrets, content, file, screen)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


async def _write(
    services: Installation,
    secrets: Mapping[str, bytes],
    content: Literal["demonstration", "empty"],
    file: IO[bytes],
    screen: Screen,
) -> Manifest:
    made_at, copies = datetime.now(UTC), {}
    async with AsyncExitStack() as stack:
        # All snapshots first, the notifier's last: what it told of the others' facts is in it; nobody hears it twice.
        seen: dict[str, Connection] = {}
        for name in sorted(services, key=lambda each: each == "notifier"):
            seen[name] = conn = await stack.enter_async_context(services[name].connected(owner=True))
            await stack.enter_async_context(conn.transaction(isolation="repeatable_read", readonly=True))
            await store.fix_snapshot(conn)
        archive = stack.enter_context(zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED))
        for name, conn in seen.items():
            copies[name] = await _copy(archive, services[name], conn, screen)
        files = await _files(archive, services["intake"], seen["intake"], screen) if "intake" in seen else []
        manifest = Manifest(
            made_at=made_at,
            content=content,
            services=copies,
            secrets=tuple(_secrets(archive, secrets)),
            evidence=tuple(files),
        )
        archive.writestr("manifest.json", manifest.model_dump_json(indent=2))
    return manifest


async def _copy(archive: zipfile.ZipFile, service: Installed, conn: Connection, screen: Screen) -> ServiceCopy:
    with screen.part(f"Verifying {service.name}", 0) as part:

        def progress(done: int, total: int) -> None:
            part.of(total)
            part.advance(done - part.done)

        found = await examine(conn, progress=progress)
    if found.findings:
        first = found.findings[0]
        raise Damaged(
            f"the journal of {service.name} does not hold ({len(found.findings)} places, first: row {first.position}: "
            f"{first.what}): nothing was written. See docs/runbooks/journal-verification-failed.md"
        )
    wanted = in_order([row for row in await store.tables(conn) if row["name"] not in LEFT_OUT])
    copied = []
    with screen.part(f"Copying {service.name}", len(wanted)) as part:
        for row in wanted:
            copied.append(await _copy_table(archive, service.name, conn, row))
            part.advance(1, row["name"])
    return ServiceCopy(
        release=service.blueprint.version,
        migrations=await store.migrations(conn),
        position=found.rows,
        head=found.head.hex(),
        tables=tuple(copied),
    )


async def _copy_table(archive: zipfile.ZipFile, service: str, conn: Connection, row: asyncpg.Record) -> TableCopy:
    member, digest = f"{service}/{row['name']}.copy", hashlib.sha256()
    with archive.open(member, "w", force_zip64=True) as into:

        def write(chunk: bytes) -> None:
            digest.update(chunk)
            into.write(chunk)

        rows = await store.copy_out(conn, row["name"], row["columns"], write)
    return TableCopy(
        name=row["name"], columns=tuple(row["columns"]), rows=rows, member=member, sha256=digest.hexdigest()
    )


async def _files(archive: zipfile.ZipFile, intake: Installed, conn: Connection, screen: Screen) -> list[FileCopy]:
    """Every file of evidence that the snapshot knows of. Raises Damaged where one is not what it was."""
    kept = await evidence.kept(conn)
    settings = intake.settings
    if not kept:
        return []
    if not isinstance(settings, IntakeSettings) or settings.evidence_dir is None:
        raise Damaged(f"{len(kept)} files of evidence are known, and NREM_EVIDENCE_DIR does not say where they are")
    folder, copies = Folder(settings.evidence_dir), []
    with screen.part("Files of evidence", len(kept)) as part:
        for sha256 in kept:
            member = f"evidence/{sha256}"
            try:
                archive.writestr(member, folder.get(sha256))
            except Lost as lost:
                raise Damaged(f"the file of evidence {sha256} is gone, or not what it was: restore it") from lost
            copies.append(FileCopy(member=member, sha256=sha256))
            part.advance(1)
    return copies


def _secrets(archive: zipfile.ZipFile, secrets: Mapping[str, bytes]) -> list[SecretCopy]:
    copies = []
    for name, content in secrets.items():
        archive.writestr(f"secrets/{name}", content)
        copies.append(SecretCopy(name=name, member=f"secrets/{name}", sha256=checksum(content)))
    return copies


def in_order(tables: list[asyncpg.Record]) -> list[asyncpg.Record]:
    """Tables after those that they refer to."""
    done: list[asyncpg.Record] = []
    left = list(tables)
    while left:
        names = {row["name"] for row in left}
        free = [row for row in left if not names & set(row["refers_to"])]
        if not free:
            raise ValueError(f"tables refer to each other in a circle: {', '.join(sorted(names))}")
        done += free
        left = [row for row in left if row not in free]
    return done
