"""FastAPI as its documentation shows it: a model, a route, a pool; with one INSERT, or with none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from bench.services import listening

TABLE = """
create table submission (
    id bigint generated always as identity primary key,
    period text not null, member text not null, content jsonb not null
)
"""


class Observation(BaseModel):
    model_config = ConfigDict(extra="allow")
    indicator: str
    value: int | None


class Content(BaseModel):
    observations: list[Observation]


@asynccontextmanager
async def bare() -> AsyncIterator[dict[str, Any]]:
    """Validates and answers; nothing is kept."""
    app = FastAPI(openapi_url=None)

    @app.post("/api/periods/{period}/submissions/{member}", status_code=201)
    async def submit(period: str, member: str, content: Content) -> dict[str, Any]:
        return {"period": period, "member": member, "observations": len(content.observations)}

    async with listening(app) as port:
        yield {"port": port}


@asynccontextmanager
async def one_insert(database: str) -> AsyncIterator[dict[str, Any]]:
    """Validates, inserts one row, answers: no authentication, no idempotency, no journal."""
    async with asyncpg.create_pool(database, min_size=10, max_size=10) as pool:
        await pool.execute(TABLE)
        app = FastAPI(openapi_url=None)

        @app.post("/api/periods/{period}/submissions/{member}", status_code=201)
        async def submit(period: str, member: str, content: Content) -> dict[str, Any]:
            statement = "insert into submission (period, member, content) values ($1, $2, $3) returning id"
            number = await pool.fetchval(statement, period, member, content.model_dump_json())
            return {"id": number, "period": period, "member": member}

        async with listening(app) as port:
            yield {"port": port}
