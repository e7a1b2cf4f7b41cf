"""The servers of the one-machine set-up: they die with their parent and keep what they acknowledged."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer

from nrem_embedded.servers import Kafka, Postgres, StateInUseError, launch
from nrem_embedded.servers.process import StateLock

pytestmark = pytest.mark.integration

PARENT = """
import asyncio, json, sys
from pathlib import Path
import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from nrem_embedded.servers import Kafka, Postgres

async def main():
    postgres, kafka = Postgres(Path(sys.argv[1])), Kafka(Path(sys.argv[1]))
    await asyncio.gather(postgres.start(), kafka.start())
    connection = await asyncpg.connect(postgres.dsn())
    await connection.execute("create table kept (word text); insert into kept values ('rinda')")
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("kept", 1, 1)])
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    await producer.start()
    await producer.send_and_wait("kept", b"ieraksts")
    print(json.dumps({"pids": [postgres.pid, kafka.pid], "addresses": [postgres.dsn(), kafka.bootstrap]}), flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""

WATCH = "sys.exit(watch(int(sys.argv[1]), 9, ['/bin/sleep', '60']))"
START = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, sys.argv[1], str(os.getpid())], stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
child.wait()
"""


def until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def start_both_and_kill_the_parent(state: Path) -> tuple[list[str], list[psutil.Process]]:
    """Addresses of the servers, and every process of theirs."""
    with subprocess.Popen([sys.executable, "-c", PARENT, str(state)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        try:
            started = json.loads(parent.stdout.readline())
            servers = [psutil.Process(pid) for pid in started["pids"]]
            everything = [*servers, *(child for server in servers for child in server.children(recursive=True))]
        finally:
            parent.kill()
    return started["addresses"], everything


async def test_killing_the_parent_leaves_no_server_and_a_restart_has_the_data(tmp_path: Path) -> None:
    addresses, everything = start_both_and_kill_the_parent(tmp_path)
    assert until(lambda: gone(everything), 3), [process for process in everything if process.is_running()]

    postgres, kafka = Postgres(tmp_path), Kafka(tmp_path)
    try:
        await postgres.start()
        await kafka.start()
        assert [postgres.dsn(), kafka.bootstrap] == addresses
        assert await kept_row(postgres.dsn()) == "rinda"
        assert await kept_record(kafka.bootstrap) == b"ieraksts"
        with pytest.raises(StateInUseError):
            await StateLock.claim(tmp_path / "postgres" / "lock", limit=0)
    finally:
        await postgres.stop()
        await kafka.stop()


async def kept_row(dsn: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        assert await connection.fetchval("select lower('ĀŽ')") == "āž"
        return await connection.fetchval("select word from kept")
    finally:
        await connection.close()


async def kept_record(bootstrap: str) -> object:
    consumer = AIOKafkaConsumer("kept", bootstrap_servers=bootstrap, group_id="reader", auto_offset_reset="earliest")
    await consumer.start()
    try:
        return (await consumer.getone()).value
    finally:
        await consumer.stop()


def test_where_the_kernel_does_not_watch_the_parent_the_launcher_does(tmp_path: Path) -> None:
    """The way of other systems than Linux, run here: an orphan is ended within a second."""
    launcher, starter = tmp_path / "launcher.py", tmp_path / "starter.py"
    launcher.write_text(f"import runpy, sys\nwatch = runpy.run_path({launch.__file__!r})['watch']\n" + WATCH)
    starter.write_text(START)
    with subprocess.Popen([sys.executable, str(starter), str(launcher)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        watching = psutil.Process(int(parent.stdout.readline()))
        try:
            assert until(lambda: bool(watching.children()), 5)
            family = [watching, *watching.children()]
        finally:
            parent.kill()
    assert until(lambda: gone(family), 3)
