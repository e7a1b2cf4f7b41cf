"""Intake's pages by themselves, outside a demonstration, with settings from the environment: `intake_alone.py PORT`."""

import asyncio
import sys

from fastapi import FastAPI

from nrem_embedded.platform.composition import compose
from nrem_embedded.platform.server import build_server, take_port
from nrem_intake.settings import IntakeSettings
from nrem_shared.web.assets import Assets


async def serve(port: int) -> None:
    front = FastAPI()
    front.mount("/static", Assets("/static"))
    platform = compose({"intake": IntakeSettings()}, front)
    async with platform.services["intake"].running(["api"]):
        await build_server(platform.app).serve([take_port(port)])


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
