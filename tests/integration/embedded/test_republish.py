"""Kafka loses its data: one command brings everything back from the journals, in processes that never stopped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from integration.embedded.installation import Platform, lose_everything, run
from nrem_embedded.servers import Kafka
from nrem_embedded.servers.ports import free_port
from nrem_shared.contracts.topics import SUBMISSIONS, TOPICS

#: Whole platforms start and stop here; on a machine that does other things too this takes its time.
pytestmark = pytest.mark.timeout(420)


async def test_nothing_is_lost_and_nothing_is_done(platform: Platform) -> None:
    await platform.settle()
    done = await run("republish", state=platform.state)
    assert "nothing is lost" in done.stdout


async def test_kafka_is_empty_and_everything_comes_back(platform: Platform, kafka: Kafka, folder: Path) -> None:
    await platform.settle()
    before, mails = await platform.dumps(), await platform.mails()
    await lose_everything(kafka, folder)
    done = await run("republish", state=platform.state)
    assert "it is not there" in done.stdout
    assert done.stdout.count("topics made") == 1
    await platform.settle()
    assert await platform.dumps() == before
    assert await platform.mails() == mails
    assert set(await topics(platform)) >= {platform.installation.topic_prefix + name for name in TOPICS}
    # What was read anew is enough for a projection from nothing.
    await run("rebuild", "statistics", state=platform.state)
    await platform.settle()
    assert await platform.dumps() == before
    # And life goes on.
    await run("clock", "advance", "1d", state=platform.state)
    await platform.settle()
    assert await platform.dumps() != before
    assert len(await platform.mails()) >= len(mails)


async def test_one_topic_is_lost(platform: Platform) -> None:
    await platform.settle()
    before, mails = await platform.dumps(), await platform.mails()
    name = platform.installation.topic_prefix + SUBMISSIONS
    admin = AIOKafkaAdminClient(bootstrap_servers=platform.installation.kafka)
    await admin.start()
    try:
        await admin.delete_topics([name])
    finally:
        await admin.close()
    done = await run("republish", state=platform.state)
    assert f"{SUBMISSIONS} of intake: it is not there" in done.stdout
    assert "plan-tracker: its journal" not in done.stdout
    await platform.settle()
    assert (await platform.dumps(), await platform.mails()) == (before, mails)
    await run("rebuild", "plan-tracker", state=platform.state)
    await platform.settle()
    assert await platform.dumps() == before
    assert "nothing is lost" in (await run("republish", state=platform.state)).stdout


async def test_a_journal_older_than_what_others_know_is_not_sent(platform: Platform) -> None:
    """As after restoring an old back-up beside projections that live on."""
    await platform.settle()
    conn = await platform.connect("statistics")
    ahead = "update projection.applied set position = position + $1 where topic = $2"
    try:
        await conn.execute(ahead, 10_000, SUBMISSIONS)
        done = await run("republish", "intake", state=platform.state, check=False)
    finally:
        await conn.execute(ahead, -10_000, SUBMISSIONS)
        await conn.close()
    assert done.returncode == 2
    assert "the journal was restored from an older back-up" in done.stderr


async def test_without_kafka_it_says_what_comes_first(platform: Platform, tmp_path: Path) -> None:
    state = tmp_path / "elsewhere"
    shutil.copytree(platform.state / "secrets", state / "secrets")
    installation = platform.installation.model_copy(update={"kafka": f"127.0.0.1:{free_port()}"})
    (state / "nrem.json").write_text(installation.model_dump_json())
    done = await run("republish", state=state, check=False)
    assert done.returncode == 2
    assert "Start Kafka first" in done.stderr


async def topics(platform: Platform) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=platform.installation.kafka)
    await admin.start()
    try:
        found: list[str] = await admin.list_topics()
        return found
    finally:
        await admin.close()
