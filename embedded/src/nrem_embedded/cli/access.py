"""Finding the platform: by its state folder, else by the environment."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from nrem_embedded.cli.outcome import Refused
from nrem_embedded.institutions import Institutions, http_client
from nrem_embedded.platform.state import SERVICES, Installation, InstitutionKey, StateFolder

if TYPE_CHECKING:
    from nrem_embedded.operating.installed import Installed
    from nrem_shared.runtime.service import Blueprint
    from nrem_shared.runtime.settings import ServiceSettings


@dataclass(frozen=True)
class Access:
    """Where the platform answers and with which keys; `installation` is null outside a state folder."""

    url: str
    keys: Mapping[str, InstitutionKey]
    installation: Installation | None
    token: str = ""

    def key_of(self, member: str) -> None:
        """Raise Refused unless there is a key of this institution."""
        if member not in self.keys and not isinstance(self.keys, defaultdict):
            known = ", ".join(sorted(self.keys))
            raise Refused(f"there is no key of {member!r} in the state folder; there are keys of: {known}")

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[Institutions]:
        """A client for the HTTP APIs."""
        async with http_client(self.url) as http:
            yield Institutions(http, self.keys, token=self.token)


def find(state: Path) -> Access:
    """The platform of a state folder, or of NREM_URL, NREM_CLIENT_ID and NREM_CLIENT_SECRET. Raises Refused."""
    folder = StateFolder(state)
    if (folder.path / "nrem.json").exists():
        installation = folder.installation()
        return Access(installation.url, folder.keys(), installation)
    url, member, secret = (os.environ.get(f"NREM_{name}", "") for name in ("URL", "CLIENT_ID", "CLIENT_SECRET"))
    if not (url and member and secret):
        raise Refused(
            f"there is no platform in {folder.path}: start one with `nrem demo`, name its folder with --state, "
            "or set NREM_URL, NREM_CLIENT_ID (an institution's code) and NREM_CLIENT_SECRET (its key)"
        )
    key = InstitutionKey(member=member, id="", secret=secret, roles=())
    return Access(url, defaultdict(lambda: key), None)


def find_or_named(state: Path, url: str | None, key_file: Path | None, token: str | None) -> Access:
    """The platform at `url` with a key from a file or a token; without these as `find` does. Raises Refused.

    A key file holds what was shown when the key was issued (JSON with `member` and `secret`), or the secret alone,
    which then belongs to NREM_CLIENT_ID.
    """
    if not (url or key_file or token):
        return find(state)
    address = url or os.environ.get("NREM_URL", "")
    if not address and (StateFolder(state).path / "nrem.json").exists():
        address = StateFolder(state).installation().url
    if not address.startswith(("http://", "https://")):
        raise Refused("say where the platform is: --url https://… (or NREM_URL)")
    if token:
        key = InstitutionKey(member=os.environ.get("NREM_CLIENT_ID", ""), id="", secret="", roles=())
    elif key_file:
        key = _key_in(key_file)
    else:
        member, secret = (os.environ.get(f"NREM_{name}", "") for name in ("CLIENT_ID", "CLIENT_SECRET"))
        if not (member and secret):
            raise Refused("say who you are: --key-file, --token, or NREM_CLIENT_ID and NREM_CLIENT_SECRET")
        key = InstitutionKey(member=member, id="", secret=secret, roles=())
    return Access(address.rstrip("/"), defaultdict(lambda: key), None, token or "")


def _key_in(path: Path) -> InstitutionKey:
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: the key cannot be read: {error}") from error
    if text.startswith("{"):
        try:
            return InstitutionKey.model_validate({"id": "", "roles": (), **json.loads(text)})
        except ValueError as error:
            raise Refused(f"{path}: this is no key as it was issued: `member` and `secret` are needed") from error
    member = os.environ.get("NREM_CLIENT_ID", "")
    if not text or not member:
        raise Refused(f"{path}: it holds a secret only: set NREM_CLIENT_ID to the institution's code")
    return InstitutionKey(member=member, id="", secret=text, roles=())


def services_named(name: str) -> tuple[str, ...]:
    """`all`, or one service. Raises Refused for another name."""
    if name == "all":
        return SERVICES
    if name not in SERVICES:
        raise Refused(f"there is no service {name!r}; there are: {', '.join(SERVICES)}")
    return (name,)


def database_of(state: Path, service: str) -> str:
    """The address of a service's database, as its app role: by the state folder, else NREM_DATABASE_URL."""
    folder = StateFolder(state)
    if (folder.path / "nrem.json").exists():
        return folder.installation().databases[service].app
    named = os.environ.get("NREM_DATABASE_URL")
    if not named:
        raise Refused(f"there is no platform in {folder.path}: name its folder with --state, or set NREM_DATABASE_URL")
    return named


def service_settings(state: Path, service: str) -> tuple[Blueprint, ServiceSettings]:
    """How one service is set up: by the state folder, else by the environment. Raises Refused.

    Of the environment `NREM_STATISTICS_DATABASE_URL` (and `…_OWNER_DATABASE_URL`) come before `NREM_DATABASE_URL`, so
    that one environment can describe all services.
    """
    from nrem_embedded.platform.composition import BLUEPRINTS, settings_of

    blueprint, settings_type = BLUEPRINTS[service]
    folder = StateFolder(state)
    if (folder.path / "nrem.json").exists():
        return blueprint, settings_of(folder.installation(), folder, service)
    try:
        return blueprint, settings_type.model_validate(_databases_of(service))
    except ValidationError as error:
        missing = ", ".join(f"NREM_{str(each['loc'][0]).upper()}" for each in error.errors())
        raise Refused(
            f"there is no platform in {folder.path}, and the environment does not say how {service} is set up: "
            f"{missing}. Name a folder with --state, or set them"
        ) from error


def _databases_of(service: str) -> dict[str, str]:
    """What the environment says of this one service's database."""
    prefix = f"NREM_{service.replace('-', '_').upper()}_"
    names = ("database_url", "owner_database_url")
    return {name: os.environ[prefix + name.upper()] for name in names if prefix + name.upper() in os.environ}


def installation_of(state: Path) -> dict[str, Installed]:
    """All services, by name. Raises Refused."""
    from nrem_embedded.operating.installed import Installed

    return {name: Installed(*service_settings(state, name)) for name in SERVICES}
