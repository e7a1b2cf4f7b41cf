"""The role `remind` follows the demonstration's clock by itself, and says when it is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from integration.notifier.stage import Stage
from integration.notifier.story import submitted
from integration.notifier.test_mails import DUE, PERIOD, at, opened
from nrem_notifier.app import BLUEPRINT
from nrem_notifier.ledger.remind import Reminding
from nrem_notifier.mail import store as mail_store
from nrem_notifier.mailboxes import store as mailboxes_store
from nrem_notifier.settings import NotifierSettings
from nrem_shared.runtime.projection import platform_store
from nrem_shared.runtime.projection import store as projection_store
from support.eventually import eventually
from support.running import running
from support.signing import Signing


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
                await platform_store.save_clock(conn, now)
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


async def test_a_mail_whose_sender_vanished_is_sent_when_its_lease_is_over(signing: Signing, stage: Stage) -> None:
    await stage.know()
    await stage.move(at("2026-10-08"))
    reminding = Reminding(stage.running.runtime)
    await reminding.look()  # from now only what changes makes a pass
    body, headers = {"address": "focal_point@lm.example"}, signing.bearer("coordinator")
    assert (await stage.running.client.post("/api/mail/test", json=body, headers=headers)).status_code == 201
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    async with stage.running.runtime.pool.acquire() as conn:
        (claimed,) = await mail_store.claim(conn, datetime.now(UTC), long_ago, 10)
    assert claimed.kind == "test"

    await reminding.look()
    assert await stage.count("select count(*) from facts.mail where state = 'sent'") == 1
    assert len(await stage.inbox("focal_point@lm.example")) == 1
