"""The role `remind` follows the demonstration's clock by itself, and says when it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integration.notifier.stage import Stage
from integration.notifier.story import submitted
from integration.notifier.test_mails import DUE, PERIOD, at, opened
from nrem_notifier.app import BLUEPRINT
from nrem_notifier.mailboxes import store as mailboxes_store
from nrem_notifier.settings import NotifierSettings
from nrem_shared.runtime.projection import store as projection_store
from support.eventually import eventually
from support.running import running


async def test_the_clock_moves_and_mails_leave(settings_for: Any) -> None:
    settings = await settings_for("notifier", settings_type=NotifierSettings, demonstration=True, fresh_seconds=3600)
    async with running(BLUEPRINT, settings, roles=("api", "mailbox", "remind")) as service:
        server = await eventually(lambda: getattr(service.runtime.api.state, "mailboxes", None))
        stage = Stage(service, server)
        await stage.know()
        await opened(stage, "em", "lm")

        async def settled(instant: Any) -> Any:
            answer = await service.client.get("/api/settled", params={"instant": instant.isoformat()})
            return answer.json()

        async def move(now: Any) -> Any:
            async with service.runtime.pool.acquire() as conn, conn.transaction():
                await projection_store.save_clock(conn, now)
                await projection_store.notify(conn)
            return await settled(now)

        for day in ("2026-10-08", "2026-10-12"):
            assert (await move(at(day)))["settled"] is True
        done = at("2026-10-12", 14)
        await move(done)
        await stage.tell(f"submission/{PERIOD}/em", submitted(PERIOD, "em", DUE, 1, done), done)
        assert (await settled(done))["settled"] is True
        for day in ("2026-10-14", "2026-10-15"):
            assert (await move(at(day)))["settled"] is True
        async with service.runtime.pool.acquire() as conn:
            mails = {box.recipient: box.mails for box in await mailboxes_store.mailboxes(conn)}
        assert mails["focal_point@lm.example"] == 4
        assert mails["focal_point@em.example"] == 3
        ahead = await settled(at("2026-10-15") + timedelta(days=1))
        assert ahead["settled"] is False
