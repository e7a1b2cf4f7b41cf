"""The installation as its containers see it, kept as a state folder, so that the `nrem` commands find it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast

from nrem_embedded.platform.state import SERVICES, Databases, Installation, InstitutionKey, StateError, StateFolder
from nrem_intake.identity.keys.commands import bootstrap
from nrem_shared.runtime.service import Runtime

SIGNING_KEY = Path("/run/secrets/signing-key.pem")

#: Who holds the installation's first key, in the words of the `nrem` commands, and what it may do.
COORDINATOR = "coordinator"
ROLES = ("coordinator", "operator")


def installed(environ: Mapping[str, str]) -> tuple[StateFolder, Installation]:
    """The state folder NREM_STATE, brought in line with the environment; keys in it stay."""
    state = StateFolder(Path(environ["NREM_STATE"]))
    before = state.installation() if (state.path / "nrem.json").exists() else None
    asked_for = environ.get("NREM_CONTENT") or (before.content if before else "empty")
    content = cast("Literal['demonstration', 'empty']", asked_for)
    if before is not None and before.loaded and before.content != content:
        raise StateError(f"this installation holds the content {before.content!r}, not {content!r}")
    installation = Installation(
        url=environ["NREM_URL"],
        kafka=environ["NREM_KAFKA_BOOTSTRAP"],
        databases={name: _databases(environ, name) for name in SERVICES},
        content=content,
        loaded=before is not None and before.loaded,
        embedded=False,
    )
    _keep(state.path / "secrets" / "key-pepper", environ["NREM_KEY_PEPPER"])
    _keep(state.path / "secrets" / "signing-key.pem", SIGNING_KEY.read_text())
    state.save(installation)
    return state, installation


def _databases(environ: Mapping[str, str], service: str) -> Databases:
    name = service.replace("-", "_").upper()
    return Databases(app=environ[f"NREM_{name}_DATABASE_URL"], owner=environ[f"NREM_{name}_OWNER_DATABASE_URL"])


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text.strip() + "\n")


async def known_keys(state: StateFolder, intake: Runtime, member: str = "iem") -> dict[str, InstitutionKey]:
    """The keys in the state folder; the installation's first one is issued now where there is none at all.

    Raises StateError where keys were issued and the first of them is not here: it is shown only once.
    """
    keys = state.keys()
    if COORDINATOR not in keys:
        issued = await bootstrap(intake, member, ROLES)
        if issued is None:
            raise StateError("keys have been issued already, and the first of them is not in the state folder")
        keys[COORDINATOR] = InstitutionKey(member=member, id=str(issued[0]), secret=issued[1], roles=ROLES)
        state.save_keys(keys)
    return keys
