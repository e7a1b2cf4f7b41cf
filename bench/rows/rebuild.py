"""Rebuild: the statistics projection dropped and read again from Kafka, indexes included."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench import journalled
from bench.comparing import observations
from bench.installation import Installation, name_of
from bench.measuring import Case, Outcome, Row, Target
from bench.processes import Meter, call
from nrem_embedded.platform.state import Databases
from nrem_embedded.servers.postgres_account import installation, unprivileged_account
from nrem_shared.runtime.migrate import recreate_projection


async def row(here: Installation) -> Row:
    count = here.size(1_000, 100_000, 1_000_000)
    topic = await journalled.topic_of(here, count)
    built = await here.clone("statistics")
    await call("bench.projecting:project", {"count": count}, here.values("statistics", built, topic))
    expected = await observations(built.owner)
    dump = here.state.path / "projection.dump"
    await asyncio.to_thread(_tool, "pg_dump", built, "-Fc", "-n", "projection", "-f", str(dump))

    async def ours() -> Outcome:
        databases = await here.clone("statistics", name_of(built))
        environment = here.values("statistics", databases, topic)
        await here.settle()
        meter = Meter({"projection process": os.getpid(), **here.processes})
        began = time.perf_counter()
        await recreate_projection(databases.owner, "nrem_statistics", urlsplit(databases.app).username or "")
        dropped = time.perf_counter() - began
        said = await call("bench.projecting:project", {"count": count}, environment)
        cores, seconds = meter.stop(), dropped + said["seconds"]
        await _checked(here, databases, expected)
        return Outcome(seconds, {"events/s": count / seconds}, cores)

    async def restore() -> Outcome:
        databases = await here.clone("statistics", "template0")
        await here.settle()
        began = time.perf_counter()
        await asyncio.to_thread(_tool, "pg_restore", databases, "--no-owner", "--no-acl", str(dump))
        seconds = time.perf_counter() - began
        await _checked(here, databases, expected)
        return Outcome(seconds, {"events/s": count / seconds})

    return Row(
        name="rebuild",
        title="Rebuild of a projection",
        unit="s",
        less_is_better=True,
        size=f"{count:,} events of three observations",
        cases=[
            Case("NREM, from Kafka", "ours", ours),
            Case("pg_restore of the same schema", "limit", restore),
        ],
        targets=[
            Target(
                "against pg_restore",
                5,
                lambda r: r.ratio("NREM, from Kafka", "pg_restore of the same schema"),
                at_most=True,
            )
        ],
        notes=["pg_restore loads rows that were decoded, checked and told apart before."],
    )


async def _checked(here: Installation, databases: Databases, expected: str) -> None:
    found = await observations(databases.owner)
    if found != expected:
        raise AssertionError(f"the end tables differ: {expected} and {found}")
    await here.drop(databases)


def _tool(name: str, databases: Databases, *arguments: str) -> None:
    """PostgreSQL's own program, on a database as its owner."""
    address = urlsplit(databases.owner)
    program: Path = installation(unprivileged_account()) / "bin" / name
    subprocess.run(
        [
            program, "-h", str(address.hostname), "-p", str(address.port), "-U", str(address.username),
            "-d", address.path[1:], *arguments,
        ],
        check=True,
        env={**os.environ, "PGPASSWORD": unquote(address.password or "")},
    )  # fmt: skip
