"""plan-tracker with the demonstration's beginnings, its clock where a test puts it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from integration.plan_tracker.scenario import Life
from nrem_plan_tracker.app import BLUEPRINT
from nrem_plan_tracker.settings import PlanTrackerSettings
from support.running import running
from support.signing import Signing


@pytest.fixture
async def life(settings_for: Any, signing: Signing) -> AsyncIterator[Life]:
    """API only; the projection is filled by the handlers. Plans, deadlines and recommendations are loaded."""
    settings = await settings_for(
        "plan-tracker", settings_type=PlanTrackerSettings, demonstration=True, read_wait_seconds=0.2
    )
    await signing.trust(settings)
    async with running(BLUEPRINT, settings, roles=("api",), root_path="/plan") as service:
        begun = Life(service, signing)
        await begun.begin()
        yield begun
