"""The statistics service running on the demonstration quarters, with its clock where a test puts it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from integration.statistics.history_data import history
from integration.statistics.tables import load_demonstration
from nrem_shared.runtime.clock import DemonstrationClock
from nrem_shared.runtime.projection import platform_store
from nrem_statistics.app import BLUEPRINT
from nrem_statistics.settings import StatisticsSettings
from support.running import Running, running
from support.signing import Signing

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.fixture
async def statistics(settings_for: Any, signing: Signing) -> AsyncIterator[Running]:
    """API only; the projection is filled by the handlers. The clock stands at 2026-12-01 12:00 in Riga."""
    settings = await settings_for("statistics", settings_type=StatisticsSettings, demonstration=True)
    await signing.trust(settings)
    async with running(BLUEPRINT, settings, roles=("api",), root_path="/statistics") as service:
        async with service.runtime.pool.acquire() as conn:
            await load_demonstration(conn)
            await platform_store.save_clock(conn, NOW)
        assert isinstance(service.runtime.clock, DemonstrationClock)
        service.runtime.clock.advance(NOW)
        yield service


@pytest.fixture
async def with_history(statistics: Running, signing: Signing) -> Running:
    """The same with the historical series recorded."""
    answer = await statistics.client.post(
        "/api/history", json=history().model_dump(mode="json"), headers=signing.bearer("coordinator")
    )
    assert answer.status_code == 201, answer.text
    return statistics
