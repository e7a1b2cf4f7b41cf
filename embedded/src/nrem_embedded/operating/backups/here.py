"""A back-up brought to life on this machine: a new state folder with servers of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_embedded.operating.backups.restoring import NotEmpty, restore
from nrem_embedded.operating.installed import Installed
from nrem_embedded.platform.installing import OwnServers, install, migrate_all

if TYPE_CHECKING:
    from nrem_embedded.operating.backups.reading import Backup
    from nrem_embedded.platform.screen import Screen
    from nrem_embedded.platform.state import StateFolder

SECRETS = ("key-pepper", "signing-key.pem", "institution-keys.json")


async def restore_here(state: StateFolder, backup: Backup, screen: Screen) -> None:
    """Start PostgreSQL and Kafka in the folder, restore, and stop them; `nrem demo` goes on from there.

    Raises NotEmpty, what `restore` raises, ServerError or StateError; then the folder is as empty as before.
    """
    if state.path.exists() and any(each.name != "lock" for each in state.path.iterdir()):
        raise NotEmpty(f"{state.path} is not empty, and holds no platform: name a new folder with --state")
    with state.locked():
        try:
            await _fill(state, backup, screen)
        except BaseException:
            state.clear()
            raise


async def _fill(state: StateFolder, backup: Backup, screen: Screen) -> None:
    from nrem_embedded.platform.composition import BLUEPRINTS, settings_of

    for name in SECRETS:
        if (kept := backup.secret(name)) is not None:
            state.put_secret(name, kept.decode())
    servers = OwnServers(state)
    try:
        with screen.part("PostgreSQL 18 and Apache Kafka 4.3"):
            await servers.start()
        installation = await install(state, servers, "http://127.0.0.1:8080/", backup.manifest.content)
        settings = {name: settings_of(installation, state, name) for name in installation.databases}
        with screen.part("Databases, schemas and topics"):
            await migrate_all(settings)
        await restore({name: Installed(BLUEPRINTS[name][0], each) for name, each in settings.items()}, backup, screen)
        state.save(installation.model_copy(update={"loaded": True}))
    finally:
        await servers.stop()
