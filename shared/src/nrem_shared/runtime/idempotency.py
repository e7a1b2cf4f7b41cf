"""Idempotency-Key: the same post twice is one command with one answer; the same key with another body is refused.

Source: draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import Response

from nrem_shared.runtime.problems import FieldError, Problem

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing

HEADER = "idempotency-key"
_MAX = 200


@dataclass(frozen=True, slots=True)
class RequestKey:
    """An actor's key for one request, and a hash of what was asked."""

    actor: str
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A command's answer, as it is sent and as it is kept."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)

    def response(self, *, repeated: bool = False) -> Response:
        """As an HTTP response; a repeated one says so."""
        extra = {"idempotency-replayed": "true"} if repeated else {}
        return Response(self.body, self.status, {**self.headers, **extra}, media_type="application/json")


async def request_key(request: Request) -> RequestKey | None:
    """The request's key, if it has one. Raises the 422 problem for one that is too long."""
    key = request.headers.get(HEADER)
    if not key:
        return None
    if len(key) > _MAX:
        raise Problem.invalid([FieldError("header:Idempotency-Key", "too_long", f"at most {_MAX} characters")])
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    principal = request.state.principal
    return RequestKey(principal.subject if principal else "anonymous", key, digest.digest())


async def answered(writing: Writing, key: RequestKey | None) -> Response | None:
    """The answer given before to this key, or null. Raises the 422 problem where it was used for something else."""
    if key is None:
        return None
    row = await writing.conn.fetchrow(
        "select request_hash, status, headers, body from facts.idempotency where actor = $1 and key = $2",
        key.actor,
        key.key,
    )
    if row is None:
        return None
    if row["request_hash"] != key.request_hash:
        text = "This Idempotency-Key was used for another request; take a new one."
        raise Problem.invalid([FieldError("header:Idempotency-Key", "used_before", text)], "The key was used before")
    return Answer(row["status"], row["body"], row["headers"]).response(repeated=True)


async def remember(writing: Writing, key: RequestKey | None, answer: Answer) -> None:
    """Keep the answer in the command's transaction."""
    if key is not None:
        await _insert(writing.conn, key, answer, writing)


async def _insert(conn: Connection, key: RequestKey, answer: Answer, writing: Writing) -> None:
    await conn.execute(
        """
        insert into facts.idempotency (actor, key, request_hash, status, headers, body, answered_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        key.actor,
        key.key,
        key.request_hash,
        answer.status,
        answer.headers,
        answer.body,
        writing.now,
    )
