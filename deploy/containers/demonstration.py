"""The demonstration's front in a container of its own: landing page, the clock's journeys, `/demonstration/settled`.

The services run elsewhere, by role. Here they are only watched: how far their projections are, and the clock.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response
from installation import COORDINATOR, installed, known_keys

from nrem_embedded.calendar import PlatformCalendar
from nrem_embedded.demonstration.app import Demonstration
from nrem_embedded.demonstration.founding import Founding
from nrem_embedded.demonstration.journeys import Journeys
from nrem_embedded.demonstration.player import Player
from nrem_embedded.demonstration.reference_data import initial_data, members_of, registered
from nrem_embedded.demonstration.scenario import READY_AT, demonstration_scenario
from nrem_embedded.institutions import ApiError, Institutions, NotSettled, Unreachable, http_client
from nrem_embedded.platform.composition import BLUEPRINTS, settings_of
from nrem_embedded.platform.front import build_front
from nrem_embedded.platform.state import SERVICES, Installation, InstitutionKey, StateFolder
from nrem_embedded.project_data import data_folder
from nrem_shared.runtime.logs import configure_logs, logger
from nrem_shared.runtime.service import Service

#: The working group whose members report.
GROUP = "working_group_2025"
BASES = ("/intake", "/statistics", "/plan", "/reminders")

_log = logger(__name__)


class Front:
    """What the container serves, and what it loads before it is ready."""

    def __init__(self, state: StateFolder, installation: Installation, data: Path) -> None:
        self._state = state
        self._installation = installation
        self._data = data
        self._ready = installation.loaded
        self.services = {
            name: Service(BLUEPRINTS[name][0], settings_of(installation, state, name)) for name in SERVICES
        }
        self.app = build_front()
        self.app.add_api_route("/health/live", self._live, include_in_schema=False)
        self.app.add_api_route("/health/ready", self._answer_ready, include_in_schema=False)

    async def run(self) -> None:
        """Serve until told to stop; load meanwhile what is not there yet."""
        async with AsyncExitStack() as stack:
            runtimes = {
                name: await stack.enter_async_context(service.running(())) for name, service in self.services.items()
            }
            keys = await known_keys(self._state, runtimes["intake"])
            institutions = Institutions(await stack.enter_async_context(http_client(self._installation.url)), keys)
            journeys = self._journeys(institutions)
            stack.push_async_callback(journeys.stop)
            loading = asyncio.create_task(self._load(institutions, keys, journeys.player))
            stack.push_async_callback(_cancelled, loading)
            await _server(self.app).serve()

    def _journeys(self, institutions: Institutions) -> Journeys:
        calendar = PlatformCalendar.from_folder(self._data)
        scenario = demonstration_scenario(self._data, calendar, GROUP, self._installation.content)
        journeys = Journeys(Player(institutions, scenario, calendar))
        group = set(members_of(self._data, GROUP))
        members = tuple(each for each in registered(self._data) if each["code"] in group)
        self.app.state.demonstration = Demonstration(journeys, self.services, members, self._installation.content)
        return journeys

    async def _load(self, institutions: Institutions, keys: dict[str, InstitutionKey], player: Player) -> None:
        """Once, however often it is cut off: every step can be repeated."""
        while not self._ready:
            try:
                for base in BASES:
                    await institutions.do(COORDINATOR, "GET", f"{base}/api/operations/status")
                await Founding(institutions, keys, self._state.save_keys).load(
                    initial_data(self._data), members_of(self._data, GROUP), lambda _: None
                )
                if self._installation.content == "demonstration":
                    async for happened in player.play(READY_AT):
                        _log.info("played", at=happened.at.isoformat(), number=happened.number, of=happened.of)
            except (ApiError, NotSettled, Unreachable) as error:
                _log.warning("loading goes on in a moment", reason=str(error))
                await asyncio.sleep(1)
            else:
                self._state.save(self._installation.model_copy(update={"loaded": True}))
                self._ready = True
                _log.info("ready")

    async def _live(self) -> dict[str, bool]:
        return {"alive": True}

    async def _answer_ready(self, response: Response) -> dict[str, str | bool]:
        if self._ready:
            return {"ready": True}
        response.status_code = 503
        return {"detail": "The first quarters are being loaded."}


def _server(app: FastAPI) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        host="0.0.0.0",  # noqa: S104 (of the container)
        port=8000,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


if __name__ == "__main__":
    configure_logs(os.environ.get("NREM_LOG_LEVEL", "INFO"), sys.stdout)
    asyncio.run(Front(*installed(os.environ), data_folder()).run())
