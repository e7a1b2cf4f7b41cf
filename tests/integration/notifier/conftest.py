"""A notifier with real database and real mail server; the test moves its clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from integration.notifier.stage import Stage
from nrem_notifier.app import BLUEPRINT
from nrem_notifier.mailboxes.server import keep_mail
from nrem_notifier.settings import NotifierSettings
from support.eventually import eventually
from support.running import running
from support.signing import Signing


@pytest.fixture
async def stage(request: pytest.FixtureRequest, settings_for: Any, signing: Signing) -> AsyncIterator[Stage]:
    """The API and the demonstration's mail server run; passes are made by the test. Its parameter: further settings."""
    usual = {"demonstration": True, "fresh_seconds": 3600, "give_up_hours": 1}
    settings = await settings_for(
        "notifier", settings_type=NotifierSettings, **{**usual, **getattr(request, "param", {})}
    )
    await signing.trust(settings)
    async with running(BLUEPRINT, settings, roles=("api",), root_path="/reminders") as service:
        mailboxes = asyncio.create_task(keep_mail(service.runtime))
        server = await eventually(lambda: getattr(service.runtime.api.state, "mailboxes", None))
        made = Stage(service, server)
        yield made
        await made.delivery.close()
        mailboxes.cancel()
        await asyncio.gather(mailboxes, return_exceptions=True)
