"""`nrem restore`: an empty installation gets the facts of a back-up; topics and projections follow from the journals.

Nothing is committed before every service's facts are there, every journal holds, and its head is the one written down.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import asyncpg

from nrem_embedded.operating.backups import store
from nrem_embedded.operating.backups.reading import BadBackup
from nrem_embedded.operating.ends import extents
from nrem_intake.evidence.keeping import Folder
from nrem_intake.settings import IntakeSettings
from nrem_shared.contracts.topics import HEARTBEATS, TOPICS
from nrem_shared.runtime.journal import store as journal_store
from nrem_shared.runtime.journal.verify import examine
from nrem_shared.runtime.topic_ids import ask_bus

if TYPE_CHECKING:
    from nrem_embedded.operating.backups.reading import Backup
    from nrem_embedded.operating.installed import Installation, Installed
    from nrem_embedded.platform.screen import Screen
    from nrem_shared.runtime.database import Connection


class NotEmpty(Exception):
    """Something is there already; the text says what, and what to do."""


async def restore(services: Installation, backup: Backup, screen: Screen) -> None:
    """Bring the facts of all services back.

    Raises Away, ConnectionError, NotEmpty or BadBackup; then nothing was changed.
    """
    _refuse_other_pepper(services, backup)
    await _refuse_used_topics(services)
    if set(backup.manifest.services) != set(services):
        raise BadBackup(f"it holds {', '.join(backup.manifest.services)}, this installation has {', '.join(services)}")
    async with AsyncExitStack() as stack:
        opened: dict[str, tuple[Connection, asyncpg.transaction.Transaction]] = {}
        for name, service in services.items():
            conn = await stack.enter_async_context(service.connected(owner=True))
            transaction = conn.transaction(isolation="repeatable_read")
            await transaction.start()
            opened[name] = conn, transaction
            await _refuse_used_database(service, conn, backup)
        for name, (conn, _) in opened.items():
            await _bring_back(name, conn, backup, screen)
        _bring_files_back(services, backup, screen)
        for _, transaction in opened.values():
            await transaction.commit()


def _refuse_other_pepper(services: Installation, backup: Backup) -> None:
    """Keys of institutions are known by a hash with the pepper: under another one none of them would be known."""
    settings, kept = services["intake"].settings, backup.secret("key-pepper")
    if isinstance(settings, IntakeSettings) and kept not in (None, settings.key_pepper.get_secret_value().encode()):
        raise NotEmpty(
            "the institutions' keys in the back-up were made with another pepper: let NREM_KEY_PEPPER be what stands "
            "in its member secrets/key-pepper (in containers: put it into passwords/key-pepper of the folder of "
            "secrets and run deploy/make-secrets), then repeat"
        )


def _bring_files_back(services: Installation, backup: Backup, screen: Screen) -> None:
    """Files of evidence; before anything is committed, for they are of no harm where nothing refers to them."""
    settings, files = services["intake"].settings, backup.manifest.evidence
    if not files:
        return
    if not isinstance(settings, IntakeSettings) or settings.evidence_dir is None:
        raise NotEmpty(
            f"the back-up holds {len(files)} files of evidence and this installation has no place for them: "
            "set NREM_EVIDENCE_DIR, then repeat"
        )
    folder = Folder(settings.evidence_dir)
    with screen.part("Files of evidence", len(files)) as part:
        for file in files:
            folder.put(file.sha256, backup.archive.read(file.member))
            part.advance(1)


async def _refuse_used_topics(services: Installation) -> None:
    settings = next(iter(services.values())).settings
    bus = await ask_bus(settings, set(TOPICS) - {HEARTBEATS})
    used = sorted({topic for (topic, _), each in (await extents(settings, bus.topics, ())).items() if each.end > 0})
    if used:
        raise NotEmpty(
            f"Kafka's topics hold records ({', '.join(used)}), which may be newer than the back-up: stop all services "
            "and let Kafka begin with empty data, then repeat"
        )


async def _refuse_used_database(service: Installed, conn: Connection, backup: Backup) -> None:
    copy = backup.manifest.services[service.name]
    try:
        head, applied = await journal_store.read_head(conn), await store.applied(conn)
        here = await store.migrations(conn)
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError) as error:
        text = f"{service.name}: its database has no schema yet: nrem migrate --service {service.name}"
        raise NotEmpty(text) from error
    if (head and head["position"]) or applied:
        raise NotEmpty(
            f"{service.name}: its database is not empty (journal at {head['position'] if head else 0}, projection at "
            f"{applied}): a back-up is restored into new databases, before any service has run on them"
        )
    if here != copy.migrations:
        other, _ = min(set(here.items()) ^ set(copy.migrations.items()))
        raise BadBackup(
            f"{service.name}: the back-up was made by release {copy.release} with another schema ({other}): restore it "
            "with that release, and upgrade afterwards"
        )


async def _bring_back(name: str, conn: Connection, backup: Backup, screen: Screen) -> None:
    copy = backup.manifest.services[name]
    await store.empty_facts(conn)
    with screen.part(f"Restoring {name}", len(copy.tables)) as part:
        for table in copy.tables:
            rows = await store.copy_in(conn, table.name, table.columns, backup.rows(table))
            if rows != table.rows:
                raise BadBackup(f"{table.member}: {table.rows} rows were written down, {rows} came")
            part.advance(1, table.name)
    await store.count_on(conn)
    with screen.part(f"Verifying {name}", 0) as part:

        def progress(done: int, total: int) -> None:
            part.of(total)
            part.advance(done - part.done)

        found = await examine(conn, progress=progress)
    if found.findings or found.head.hex() != copy.head or found.rows != copy.position:
        what = found.findings[0].what if found.findings else f"it ends at {found.head.hex()}, not at {copy.head}"
        raise BadBackup(f"the journal of {name} does not hold: {what}")
