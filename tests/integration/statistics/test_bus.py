"""Over a real bus: what was not understood shows in completeness, and the gauges follow."""

from __future__ import annotations

from typing import Any

from integration.statistics.stream_events import demonstration_events, period_events, reference_events
from nrem_shared.contracts import topics
from nrem_shared.contracts.envelope import Envelope
from nrem_shared.runtime.projection.events import Event
from nrem_statistics.app import BLUEPRINT, observe_once
from nrem_statistics.settings import StatisticsSettings
from support.bus import send_raw
from support.eventually import eventually
from support.running import running
from support.signing import Signing


def record(event: Event, position: int, previous: int) -> bytes:
    """An event as intake's relay sends it."""
    assert event.data is not None
    envelope = Envelope(
        id=event.id,
        source=event.source,
        type=event.type,
        subject=event.subject,
        time=event.recorded_at,
        revision=event.revision,
        position=position,
        prev=previous,
        recordedat=event.recorded_at,
        correlationid="test",
        actor="test",
        data=event.data.model_dump(mode="json"),
    )
    return envelope.model_dump_json().encode()


async def test_a_report_that_is_not_understood_is_said_to_be_received(settings_for: Any, signing: Signing) -> None:
    settings = await settings_for("statistics", settings_type=StatisticsSettings)
    await signing.trust(settings)
    sent: list[tuple[str, int, bytes | None, bytes | None]] = []
    position = 0
    for topic, events in (
        (topics.SUBMISSIONS, [one for one in demonstration_events() if one.subject != "submission/2026-Q1/vp"]),
        (topics.REFERENCE, reference_events()),
        (topics.PERIODS, period_events()),
    ):
        previous = 0
        for one in events:
            position += 1
            sent.append((topic, 0, one.subject.encode(), record(one, position, previous)))
            previous = position
    sent.append((topics.SUBMISSIONS, 0, b"submission/2026-Q1/vp", b'{"specversion": "1.0", "data": "unreadable"}'))
    async with running(BLUEPRINT, settings, roles=("api", "consume")) as service:
        await send_raw(settings, *sent)

        async def completeness() -> dict[str, Any]:
            answer = await service.client.get(
                "/api/periods/2026-Q1/completeness?as_known_on=2026-11-20", headers=signing.bearer("coordinator")
            )
            assert answer.status_code == 200
            told: dict[str, Any] = answer.json()["submissions"]
            assert told["not_understood"] == ["vp"]
            assert told["accepted"] == 16
            return told

        submissions: dict[str, Any] = await eventually(completeness)
        assert submissions["missing"] == []
        quarter = await service.client.get(
            "/api/quarters/2026-Q1?as_known_on=2026-05-01", headers=signing.bearer("coordinator")
        )
        assert quarter.json()["victims"]["deduplicated"]["incomplete"] is True
        await observe_once(service.runtime)
        metrics = (await service.client.get("/metrics")).text
        assert "nrem_statistics_streams_not_understood 1.0" in metrics
        assert 'nrem_statistics_missing_submissions{period="2026-Q2"} 1.0' in metrics
