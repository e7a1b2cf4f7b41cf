"""Reminders: mails accepted by a mail server, each marked on its own acceptance."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bench.installation import Installation, name_of
from bench.measuring import Case, Outcome, Row, Target
from bench.processes import Meter, call, serving
from nrem_embedded.platform.state import Databases

PRODUCTION = {"demonstration": True, "production": True, "smtp_host": "127.0.0.1", "smtp_security": "none"}


async def row(here: Installation) -> Row:
    count = here.size(100, 2_000)

    def environment(databases: Databases, port: int = 25) -> dict[str, str]:
        return here.values("notifier", databases, "none.", smtp_port=port, **PRODUCTION)

    knowing = await here.clone("notifier")
    await call("bench.reminding:know", {"count": count}, environment(knowing))
    waiting = await here.clone("notifier", name_of(knowing))
    await call("bench.reminding:compose", {"count": count}, environment(waiting))

    async def compose() -> Outcome:
        databases = await here.clone("notifier", name_of(knowing))
        said = await call("bench.reminding:compose", {"count": count}, environment(databases))
        await here.drop(databases)
        return Outcome(count / said["seconds"], _each(said))

    async def sent(work: Callable[[Databases, int], Awaitable[Any]]) -> Outcome:
        databases = await here.clone("notifier", name_of(waiting))
        accepted = here.state.path / here.next_name("accepted")
        await here.settle()
        async with serving("bench.peers.mail:sink", {"accepted": str(accepted)}) as sink:
            meter, began = Meter({"mail server": sink.pid, **here.processes}), time.perf_counter()
            said = await work(databases, sink.told["port"])
            # The servers have nothing to do while the sender's process starts.
            share = (time.perf_counter() - began) / said["seconds"]
            cores = {name: round(used * share, 2) for name, used in meter.stop().items()}
        _check(accepted, count)
        await here.drop(databases)
        return Outcome(count / said["seconds"], _each(said), {"sender": said["cpu"] / said["seconds"], **cores})

    def _each(said: Any) -> dict[str, float]:
        return {"µs of the sender's CPU a mail": said["cpu"] / count * 1e6}

    async def ours(databases: Databases, port: int) -> Any:
        return await call("bench.reminding:send", {"count": count}, environment(databases, port))

    async def alone(databases: Databases, port: int) -> Any:
        return await call("bench.peers.mail:alone", {"count": count, "port": port}, environment(databases))

    return Row(
        name="reminders",
        title="Reminders: digests → accepted by the mail server and marked",
        unit="mails/s",
        size=f"{count:,} mails of one digest each",
        cases=[
            Case("NREM notifier", "ours", lambda: sent(ours)),
            Case("aiosmtplib alone, 4 kept connections", "limit", lambda: sent(alone)),
            Case("NREM notifier: deciding and composing them", "ours", compose),
        ],
        targets=[
            Target(
                "against aiosmtplib alone",
                0.6,
                lambda r: r.ratio("NREM notifier", "aiosmtplib alone, 4 kept connections"),
            )
        ],
        notes=[
            "Ours claims, and marks each mail on its own acceptance, with its attempt and its fact in the journal.",
            "aiosmtplib's sendmail parses both addresses twice and rewrites the message three times, more than half of "
            "what it spends; ours hands the stored bytes to the same library's connection.",
        ],
    )


def _check(accepted: Path, count: int) -> None:
    """Every mail arrived once."""
    arrived = Counter(accepted.read_text().split())
    if len(arrived) != count or max(arrived.values()) != 1:
        raise AssertionError(f"{count} mails, {len(arrived)} arrived, one of them {max(arrived.values())} times")
