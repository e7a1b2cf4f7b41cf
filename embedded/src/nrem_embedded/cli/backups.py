"""`nrem backup` and `nrem restore`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import Failed, Refused, errors, finish, out

if TYPE_CHECKING:
    from rich.console import Console

    from nrem_embedded.operating.backups.manifest import Manifest
    from nrem_embedded.operating.installed import Installation
    from nrem_embedded.platform.state import StateFolder

#: Instead of a file: standard output, or standard input.
STREAM = Path("-")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    target: Annotated[
        Path,
        typer.Argument(help="The file to write; a folder: a new file in it; -: standard output.", metavar="TARGET"),
    ],
    state: State = DEFAULT_STATE,
) -> None:
    """Write everything that the services decided into one file, while they run.

    Journals with payloads, state, contacts, the ledger of reminders, and the secrets without which institutions' keys
    are of no use; each service as it was at one moment. Topics and projections are no part of it: they follow from the
    journals. The file holds PERSONAL DATA AND SECRETS and is NOT ENCRYPTED: only its owner can read it (mode 0600);
    encrypt it before it leaves the machine.

    Examples:

        nrem backup /var/backups/nrem

        nrem backup - | age -r RECIPIENT > nrem.zip.age
    """
    finish(_backup(state, target))


def restore(
    source: Annotated[Path, typer.Argument(help="The file; -: standard input.", metavar="FILE")],
    state: State = DEFAULT_STATE,
) -> None:
    """Bring the facts of a back-up into an empty installation, by the release that made the back-up.

    Every checksum, every journal's chain and its head are compared before anything is kept. A state folder that does
    not exist yet becomes an installation on this machine. Otherwise the databases must have been migrated and never
    used, and Kafka must be empty. When the services start, topics and projections follow from the journals; what was
    told in a mail is not told again, and outside production only NREM_ALLOWED_RECIPIENTS are written to.

    Examples:

        nrem restore nrem-20261122T054500Z.zip --state /srv/nrem

        age -d -i KEY nrem.zip.age | nrem restore - --state /srv/nrem
    """
    finish(_restore(state, source))


async def _backup(state: Path, target: Path) -> int:
    from nrem_embedded.cli.access import installation_of
    from nrem_embedded.operating.backups.taking import Damaged, back_up
    from nrem_embedded.operating.backups.taking import target as named
    from nrem_embedded.operating.installed import Away
    from nrem_embedded.platform.screen import Screen

    services = installation_of(state)
    path = named(target, datetime.now(UTC))
    into: Path | IO[bytes] = sys.stdout.buffer if target == STREAM else path
    _refuse_bad_target(into)
    console = errors() if target == STREAM else out()
    try:
        manifest = await back_up(services, _secrets(state, services), _content(state), into, Screen(console))
    except (Away, Damaged, OSError) as error:
        raise Failed(str(error)) from error
    _tell(manifest, console)
    if target != STREAM:
        console.print(str(path), markup=False)
    console.print("It holds personal data and secrets and is not encrypted: only its owner can read it.", style="bold")
    return 0


async def _restore(state: Path, source: Path) -> int:
    from nrem_embedded.cli.access import installation_of
    from nrem_embedded.operating.backups.here import restore_here
    from nrem_embedded.operating.backups.reading import BadBackup, opened
    from nrem_embedded.operating.backups.restoring import NotEmpty
    from nrem_embedded.operating.backups.restoring import restore as bring_back
    from nrem_embedded.operating.installed import Away
    from nrem_embedded.platform.screen import Screen
    from nrem_embedded.platform.state import StateFolder

    folder, screen = StateFolder(state), Screen(out())
    here = not (folder.path / "nrem.json").exists() and not _described()
    try:
        with _readable(source) as file, opened(file) as found:
            if here:
                await restore_here(folder, found, screen)
            else:
                await bring_back(installation_of(state), found, screen)
                _keep(folder, found.secret("institution-keys.json"))
    except (NotEmpty, BadBackup) as error:
        raise Refused(f"{source}: {error}") from error
    except (Away, ConnectionError) as error:
        raise Failed(str(error)) from error
    _tell(found.manifest, out())
    content = " --empty" if found.manifest.content == "empty" else ""
    then = f"nrem demo --state {state}{content}" if here else "start the services, then: nrem status"
    out().print(f"restored; now {then}", markup=False)
    return 0


def _refuse_bad_target(into: Path | IO[bytes]) -> None:
    if isinstance(into, Path):
        if into.exists():
            raise Refused(f"{into} is there already")
        if not into.parent.is_dir():
            raise Refused(f"{into.parent} is no folder")
    elif into.isatty():
        raise Refused("a back-up is no text for a terminal: name a file, or send it on with a pipe")


def _described() -> bool:
    """Whether the environment says where databases are."""
    return any(name in os.environ for name in ("NREM_DATABASE_URL", "NREM_INTAKE_DATABASE_URL"))


@contextmanager
def _readable(source: Path) -> Iterator[Path | IO[bytes]]:
    """What comes by standard input is put down first, for a ZIP file is read from its end."""
    if source != STREAM:
        yield source
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        file.seek(0)
        yield file


def _content(state: Path) -> Literal["demonstration", "empty"]:
    from nrem_embedded.platform.state import StateFolder

    folder = StateFolder(state)
    return folder.installation().content if (folder.path / "nrem.json").exists() else "empty"


def _secrets(state: Path, services: Installation) -> dict[str, bytes]:
    """What the data is of no use without."""
    from nrem_embedded.platform.state import StateFolder
    from nrem_intake.settings import IntakeSettings

    settings, found = services["intake"].settings, {}
    if isinstance(settings, IntakeSettings):
        found["key-pepper"] = settings.key_pepper.get_secret_value().encode()
        if settings.signing_key_file.exists():
            found["signing-key.pem"] = settings.signing_key_file.read_bytes()
    keys = StateFolder(state).path / "secrets" / "institution-keys.json"
    if keys.exists():
        found["institution-keys.json"] = keys.read_bytes()
    return found


def _keep(folder: StateFolder, keys: bytes | None) -> None:
    """The keys that the commands use come along, and what was loaded is not loaded again."""
    if (folder.path / "nrem.json").exists():
        if keys is not None and not folder.keys():
            folder.put_secret("institution-keys.json", keys.decode())
        folder.save(folder.installation().model_copy(update={"loaded": True}))


def _tell(manifest: Manifest, console: Console) -> None:
    for name, copy in manifest.services.items():
        rows = sum(table.rows for table in copy.tables)
        console.print(f"{name}: {copy.position} facts, {rows} rows in all, head {copy.head}", markup=False)
