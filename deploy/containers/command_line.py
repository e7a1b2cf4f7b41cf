"""The `nrem` command line inside an installation in containers: `docker compose run --rm nrem status`.

One command more than elsewhere: `first-key [INSTITUTION]` issues the installation's first key (coordinator, operator),
from which all others come, keeps it for these commands and shows it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

from installation import COORDINATOR, installed, known_keys

from nrem_embedded.cli import main as nrem
from nrem_embedded.platform.composition import BLUEPRINTS, settings_of
from nrem_embedded.platform.state import Installation, StateError, StateFolder
from nrem_shared.runtime.service import Service


async def first_key(state: StateFolder, installation: Installation, member: str) -> None:
    """Issue it, or show it again while the state folder still has it."""
    service = Service(BLUEPRINTS["intake"][0], settings_of(installation, state, "intake"))
    async with service.running(()) as intake:
        key = (await known_keys(state, intake, member))[COORDINATOR]
    sys.stdout.write(json.dumps(key.model_dump(), indent=2) + "\n")


def main() -> None:
    """One command."""
    try:
        state, installation = installed(os.environ)
        if sys.argv[1:2] == ["first-key"]:
            asyncio.run(first_key(state, installation, (sys.argv[2:] or ["iem"])[0]))
        else:
            nrem()
    except StateError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
