"""Verifies every service's journal at regular intervals and says so to Prometheus.

Between two rounds the head reached before must still be in the journal: a chain that was cut off, or computed anew as
a whole, is found as well.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping

import asyncpg
from prometheus_client import CollectorRegistry, Gauge, start_http_server

from nrem_embedded.platform.state import SERVICES
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.journal.verify import verify
from nrem_shared.runtime.logs import configure_logs, logger

PORT = 8000
#: A database that is away is asked again after so many seconds.
AGAIN_SECONDS = 5.0
_log = logger(__name__)


class VerificationMetrics:
    """What was found, by journal."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.findings = Gauge(
            "nrem_journal_findings", "Places in the journal that do not hold", ["journal"], registry=registry
        )
        self.rows = Gauge("nrem_journal_rows_verified", "Rows read in the last round", ["journal"], registry=registry)
        self.verified_at = Gauge(
            "nrem_journal_verified_timestamp_seconds",
            "When the journal was last read to its end (Unix time)",
            ["journal"],
            registry=registry,
        )
        self.seconds = Gauge(
            "nrem_journal_verification_seconds", "How long the last round took", ["journal"], registry=registry
        )


async def rounds(urls: Mapping[str, str], every: float, metrics: VerificationMetrics) -> None:
    """Verify all journals, wait, and so on until cancelled."""
    heads: dict[str, bytes] = {}
    for service in urls:
        metrics.verified_at.labels(service).set_to_current_time()  # counts from the start, until the first round ends
    while True:
        pause = every
        for service, url in urls.items():
            try:
                heads[service] = await once(service, url, heads.get(service), metrics)
            except (*TRANSIENT, asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError) as error:
                _log.warning("journal not read", journal=service, error=repr(error))
                pause = min(AGAIN_SECONDS, every)
        await asyncio.sleep(pause)


async def once(service: str, url: str, head: bytes | None, metrics: VerificationMetrics) -> bytes:
    """Read one journal; returns the head reached, or the one expected where something does not hold."""
    began = time.monotonic()
    connection = await asyncpg.connect(url, command_timeout=120)
    try:
        result = await verify(connection, head=head)
    finally:
        await connection.close(timeout=5)
    for finding in result.findings:
        _log.critical("journal does not hold", journal=service, position=finding.position, what=finding.what)
    metrics.findings.labels(service).set(len(result.findings))
    metrics.rows.labels(service).set(result.rows)
    metrics.seconds.labels(service).set(time.monotonic() - began)
    metrics.verified_at.labels(service).set_to_current_time()
    _log.info("journal read", journal=service, rows=result.rows, head=result.head.hex(), findings=len(result.findings))
    return head if result.findings and head is not None else result.head


async def main() -> None:
    """Until told to stop."""
    registry = CollectorRegistry()
    metrics = VerificationMetrics(registry)
    urls = {name: os.environ[f"NREM_{name.replace('-', '_').upper()}_DATABASE_URL"] for name in SERVICES}
    start_http_server(PORT, registry=registry)
    work = asyncio.create_task(rounds(urls, float(os.environ.get("NREM_VERIFY_SECONDS", "21600")), metrics))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    await asyncio.gather(work, return_exceptions=True)
    if not work.cancelled() and (error := work.exception()):
        raise error


if __name__ == "__main__":
    configure_logs(os.environ.get("NREM_LOG_LEVEL", "INFO"), sys.stdout)
    asyncio.run(main())
