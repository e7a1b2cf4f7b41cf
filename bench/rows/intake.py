"""Intake: submissions over HTTP until they are durable, one server process, 32 connections."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import httpx

from bench import submissions
from bench.installation import Installation, name_of
from bench.measuring import Case, Outcome, Row, Target
from bench.processes import Meter, call, serving
from nrem_embedded.platform.state import Databases
from nrem_shared.runtime.identity.tokens import TokenIssuer
from nrem_shared.runtime.journal import store as journal_store

CONNECTIONS = 32
BULK = 50


async def row(here: Installation) -> Row:
    count = here.size(1_200, 30_000)
    seconds = here.size(1, 4)
    template = await prepared(here, count)

    async def ours() -> Outcome:
        keys = submissions.streams(count)
        arguments = {"keys": keys, "bearer": submissions.tokens(issuer(here))}
        return await _ours(here, template, "single_requests", arguments, CONNECTIONS, seconds, 1)

    async def bulk() -> Outcome:
        each = here.size(10, BULK)
        arguments = {"count": count, "bearer": submissions.tokens(issuer(here)), "size": each}
        return await _ours(here, template, "bulk_requests", arguments, 4, seconds, each)

    async def insert() -> Outcome:
        return await _peer(here, "one_insert", count, seconds)

    async def bare() -> Outcome:
        return await _peer(here, "bare", count, seconds)

    return Row(
        name="intake",
        title="Intake: submission → durable in state and journal",
        unit="submissions/s",
        size=f"{CONNECTIONS} connections, {seconds} s a run",
        cases=[
            Case("NREM intake", "ours", ours),
            Case(f"NREM intake, {BULK} in one request", "ours", bulk),
            Case("FastAPI + one INSERT", "peer", insert),
            Case("FastAPI, nothing kept", "limit", bare),
        ],
        targets=[
            Target("against FastAPI + one INSERT", 0.8, lambda r: r.ratio("NREM intake", "FastAPI + one INSERT")),
            Target(
                "p99 against FastAPI + one INSERT",
                1.0,
                lambda r: r.ratio("NREM intake", "FastAPI + one INSERT", "p99 ms"),
                at_most=True,
            ),
            Target(
                f"{BULK} in one request", 5000, lambda r: r.middle(f"NREM intake, {BULK} in one request"), unit="/s"
            ),
        ],
        notes=[
            "Ours authenticates (ES256), validates against the reference data, heeds the Idempotency-Key, and commits "
            "state, chained journal row and answer together; the peer checks types and inserts one row."
        ],
    )


def issuer(here: Installation) -> TokenIssuer:
    """Who signs this installation's tokens."""
    return TokenIssuer.from_pem(here.state.signing_key().read_bytes(), "nrem-intake")


async def prepared(here: Installation, count: int) -> str:
    """Name of a database of intake with reference data, members and open quarters for `count` streams."""
    return str(await here.once("intake", lambda _: _prepare(here, count)))


async def _prepare(here: Installation, count: int) -> str:
    databases = await here.clone("intake")
    environment = here.values("intake", databases, await here.topics())
    roles = ["api", "relay", "consume"]
    async with serving("bench.services:service", {"name": "intake", "roles": roles}, environment) as intake:
        await _load(here, f"http://127.0.0.1:{intake.told['port']}", count)
    return name_of(databases)


async def _load(here: Installation, url: str, count: int) -> None:
    token = issuer(here).issue(
        subject="key:coordinator", roles=frozenset({"coordinator"}), member="iem", display="coordinator"
    )
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:

        async def post(path: str, body: Any) -> None:
            (await client.post(path, json=body)).raise_for_status()

        async with asyncio.timeout(30):  # its own signing key reaches it over the bus
            while (await client.get("/api/members")).status_code != 200:
                await asyncio.sleep(0.05)
        await post("/api/members", submissions.institutions())
        await post("/api/reference", submissions.reference())
        for code in submissions.quarters(-(-count // submissions.MEMBERS)):
            due = f"{int(code[:4]) + 1}-12-31"
            await post("/api/periods", {"code": code, "group": submissions.GROUP, "due": due})


async def _ours(
    here: Installation, template: str, requests: str, arguments: Any, connections: int, seconds: float, each: int
) -> Outcome:
    databases = await here.clone("intake", template)
    environment = here.values("intake", databases, "none.")
    before = await _position(databases)
    async with serving("bench.services:service", {"name": "intake", "roles": ["api"]}, environment) as intake:
        outcome, answers = await _asked(here, intake, requests, arguments, connections, seconds, each)
    written = await _position(databases) - before
    if written != answers * each:
        raise AssertionError(f"{answers * each} submissions were acknowledged, {written} journalled")
    await here.drop(databases)
    return outcome


async def _peer(here: Installation, app: str, count: int, seconds: float) -> Outcome:
    arguments = {"keys": submissions.streams(count), "bearer": dict.fromkeys(submissions.members(), "")}
    async with AsyncExitStack() as stack:
        databases = await here.clone("intake")
        stack.push_async_callback(here.drop, databases)
        settings = {"database": databases.owner} if app == "one_insert" else {}
        peer = await stack.enter_async_context(serving(f"bench.peers.web:{app}", settings))
        outcome, answers = await _asked(here, peer, "single_requests", arguments, CONNECTIONS, seconds, 1)
        if app == "one_insert":
            connection = await asyncpg.connect(databases.owner)
            kept = await connection.fetchval("select count(*) from submission")
            await connection.close()
            if kept != answers:
                raise AssertionError(f"{answers} were acknowledged, {kept} kept")
        return outcome


async def _asked(
    here: Installation, server: Any, requests: str, arguments: Any, connections: int, seconds: float, each: int
) -> tuple[Outcome, int]:
    await here.settle()
    meter = Meter({"server process": server.pid, **here.processes})
    said = await call(
        "bench.load:load",
        {
            "port": server.told["port"],
            "requests": f"bench.submissions:{requests}",
            "arguments": arguments,
            "connections": connections,
            "seconds": seconds,
            "warm_up": 0.5 * seconds / 4,
        },
    )
    cores = meter.stop(said["began"], said["ended"])
    if set(said["statuses"]) != {"201"}:
        raise AssertionError(f"answers by status: {said['statuses']}")
    more = {"p50 ms": said["p50"], "p99 ms": said["p99"]}
    return Outcome(said["rate"] * each, more, cores), said["answers"]


async def _position(databases: Databases) -> int:
    connection = await asyncpg.connect(databases.app)
    try:
        head = await journal_store.read_head(connection)
        return int(head["position"]) if head else 0
    finally:
        await connection.close()
