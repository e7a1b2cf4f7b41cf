"""The pool of a service's own database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from nrem_shared.runtime.settings import ServiceSettings

    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.Connection
    Pool = asyncpg.Pool

#: The database does not answer: it restarts, is full, or the connection broke.
DATABASE_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    ConnectionError,
    TimeoutError,
)


#: What asyncpg says of a connection that was cut while nothing was asked by it: of its own, and of the pool's.
_CUT = ("connection is closed", "connection has been released back to the pool")


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database does not answer now; also where a connection was cut under us."""
    cut = isinstance(error, asyncpg.InterfaceError) and any(text in str(error) for text in _CUT)
    return cut or isinstance(error, DATABASE_AWAY)


#: Failures that a second try may mend: the database restarts, a connection breaks, two transactions collide,
#: the schema was made anew under a prepared statement.
TRANSIENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that was cut between two statements
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.TransactionRollbackError,
    asyncpg.exceptions.LockNotAvailableError,
    asyncpg.exceptions.PostgresSystemError,
    asyncpg.exceptions.InvalidCachedStatementError,
    asyncpg.exceptions.OutdatedSchemaCacheError,
    ConnectionError,
    TimeoutError,
    OSError,
)


async def prepare(connection: Connection) -> None:
    """Let jsonb travel as Python objects on this connection."""
    await connection.set_type_codec(
        "jsonb", encoder=_encode_json, decoder=json.loads, schema="pg_catalog", format="text"
    )


_encode_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


async def _nothing_to_reset(_: Connection) -> None:
    """Connections of the pool keep no state: listening and locks have connections of their own."""


async def open_pool(settings: ServiceSettings) -> Pool:
    """A pool as the app role; statements give up after 30 s, so that nothing hangs unseen."""
    return await asyncpg.create_pool(
        str(settings.database_url),
        min_size=1,
        max_size=settings.pool_size,
        command_timeout=30,
        init=prepare,
        reset=_nothing_to_reset,
        server_settings={"application_name": settings.kafka_client_id, "timezone": "UTC"},
    )
