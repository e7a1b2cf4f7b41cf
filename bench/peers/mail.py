"""A mail server that counts, and aiosmtplib alone: four kept connections, nothing claimed, nothing marked."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiosmtplib
from aiosmtpd.smtp import SMTP

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_notifier.mail import store as mail_store
from nrem_shared.runtime.database import open_pool

CONNECTIONS = 4


@asynccontextmanager
async def sink(accepted: str) -> AsyncIterator[dict[str, Any]]:
    """Accepts everything and writes each Message-ID to the file `accepted`."""
    file = os.open(accepted, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    class Handler:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            head = envelope.original_content.partition(b"\r\n\r\n")[0]
            os.write(file, head.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] + b"\n")
            return "250 taken"

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="sink", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
    )
    yield {"port": server.sockets[0].getsockname()[1]}
    server.close()
    os.close(file)


async def alone(count: int, port: int) -> dict[str, Any]:
    """Send the same bytes, read beforehand."""
    pool = await open_pool(BLUEPRINTS["notifier"][1]())
    now = datetime.now(UTC)
    async with pool.acquire() as conn, conn.transaction():
        todo = await mail_store.claim(conn, now, now + timedelta(hours=1), count)
    await pool.close()
    clients = [
        aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False) for _ in range(CONNECTIONS)
    ]
    for client in clients:
        await client.connect()
    began, spent = time.perf_counter(), time.process_time()

    async def work(client: aiosmtplib.SMTP) -> None:
        while todo:
            mail = todo.pop()
            await client.sendmail("nrem@iem.example", [f"{mail.contact}@bench.example"], mail.content)

    await asyncio.gather(*map(work, clients))
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    for client in clients:
        await client.quit()
    return {"seconds": seconds, "cpu": cpu}
