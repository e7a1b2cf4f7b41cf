"""What operators ask every service: is it alive, is it ready, how far is it, what did it not understand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime import asyncapi
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.identity.authorisation import PUBLIC, Rule
from nrem_shared.runtime.journal import store as journal_store
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.projection import problem_store, store
from nrem_shared.runtime.projection.consumer import platform_handlers
from nrem_shared.runtime.projection.replay import replay_dead_letters
from nrem_shared.runtime.reading import age_seconds
from nrem_shared.runtime.relay_marks import read_marks
from nrem_shared.runtime.requests import runtime_of

router = APIRouter(tags=["operations"])

RULES = {
    "GET /health/live": PUBLIC,
    "GET /health/ready": PUBLIC,
    "GET /metrics": PUBLIC,
    "GET /api/asyncapi.json": PUBLIC,
    "GET /api/operations/status": Rule("operator", "coordinator"),
    "GET /api/operations/dead-letters": Rule("operator", "coordinator"),
    "POST /api/operations/dead-letters/replay": Rule("operator"),
}


class Status(BaseModel):
    """How far the service is. Freshness: seconds since nothing was missing, per topic; null = not known."""

    service: str
    version: str
    now: datetime
    demonstration: bool
    journal_position: int
    journal_hash: str
    relayed_position: int
    freshness_seconds: dict[str, float | None]
    behind: int
    gaps: int
    dead_letters: int
    halted: str | None


class DeadLetter(BaseModel):
    """A record that was received and not understood. Its bytes stay in the database."""

    id: int
    topic: str
    partition: int
    record_offset: int
    key: str | None
    cause: str
    detail: str
    event_type: str | None
    failed_at: datetime
    resolved_at: datetime | None


class Replayed(BaseModel):
    """Outcome of a replay."""

    resolved: int
    remaining: int


@router.get("/health/live", summary="Is the process making progress", responses=problems(503))
async def live(request: Request) -> dict[str, Any]:
    """200 while every role runs and the consumer has not halted; 503 with the reason otherwise."""
    runtime = runtime_of(request)
    consumer = runtime.consumer
    if runtime.ended:
        raise Problem.unavailable(f"A role ended: {runtime.ended}", 60)
    if consumer is not None and consumer.halted:
        raise Problem.unavailable(f"The consumer halted: {consumer.halted}", 60)
    return {"alive": True}


@router.get("/health/ready", summary="Can it answer, and is what it knows fresh", responses=problems(503))
async def ready(request: Request) -> dict[str, Any]:
    """200 when the database answers and every topic is fresh; 503 names what is not."""
    runtime = runtime_of(request)
    try:
        async with runtime.pool.acquire() as conn:
            fresh = await store.freshness(conn)
    except TRANSIENT as error:
        raise Problem.unavailable("The database does not answer.", 5) from error
    topics = runtime.blueprint.topics - {HEARTBEATS}
    stale = sorted(t for t in topics if age_seconds(fresh.get(t)) > runtime.settings.fresh_seconds)
    if stale:
        raise Problem.unavailable(f"Not fresh: {', '.join(stale)}.", 5)
    return {"ready": True}


@router.get(
    "/metrics",
    summary="Prometheus metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """The metrics of this service in this process."""
    return Response(generate_latest(runtime_of(request).registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/api/asyncapi.json", summary="AsyncAPI 3.0 of all events")
async def asyncapi_document(request: Request) -> dict[str, Any]:
    """Channels, messages and schemas, generated from the contracts."""
    return asyncapi.document(runtime_of(request).blueprint.version)


@router.get("/api/operations/status", summary="How far this service is")
async def status(request: Request) -> Status:
    """Journal, relay, projection."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        head = await journal_store.read_head(conn)
        marks = await read_marks(conn)
        fresh = await store.freshness(conn)
        letters, gaps = await problem_store.count_problems(conn)
        behind = await store.behind(conn, sorted(runtime.blueprint.topics))
    return Status(
        service=runtime.blueprint.name,
        version=runtime.blueprint.version,
        now=runtime.clock.now(),
        demonstration=runtime.settings.demonstration,
        journal_position=head["position"] if head else 0,
        journal_hash=head["hash"].hex() if head else "",
        relayed_position=marks.journal,
        freshness_seconds={
            topic: round(age_seconds(fresh[topic]), 3) if fresh.get(topic) else None
            for topic in sorted(runtime.blueprint.topics - {HEARTBEATS})
        },
        behind=behind,
        gaps=gaps,
        dead_letters=letters,
        halted=runtime.consumer.halted if runtime.consumer else None,
    )


@router.get("/api/operations/dead-letters", summary="Records that were not understood")
async def dead_letters(request: Request, resolved: bool = False) -> list[DeadLetter]:
    """Open ones, oldest first; with `resolved=true` also those that a replay resolved."""
    async with runtime_of(request).pool.acquire() as conn:
        rows = await problem_store.dead_letters(conn, not resolved)
    return [DeadLetter(**dict(row)) for row in rows]


@router.post("/api/operations/dead-letters/replay", summary="Try dead letters again")
async def replay(request: Request) -> Replayed:
    """Each in its own transaction; what is still not understood stays, with the newest reason."""
    runtime = runtime_of(request)
    resolved, remaining = await replay_dead_letters(runtime.pool, platform_handlers(runtime.blueprint.projects))
    return Replayed(resolved=resolved, remaining=remaining)
