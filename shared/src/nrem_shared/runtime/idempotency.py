"""Idempotency-Key: the same post twice is one command with one answer; the same key with another body is refused.

Source: draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import Response

from nrem_shared.runtime.journal.store import Answered
from nrem_shared.runtime.problems import FieldError, Problem

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_shared.runtime.journal import Writing

HEADER = "idempotency-key"
#: Characters that a key may have.
LONGEST_KEY = 200


class RequestKey(NamedTuple):
    """An actor's key for one request, and a hash of what was asked."""

    actor: str
    key: str
    request_hash: bytes

    @property
    def name(self) -> tuple[str, str]:
        """What makes it the same key: who asks, and the key."""
        return self.actor, self.key


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


@dataclass(frozen=True, slots=True)
class Before:
    """What was asked with a key, and the answer it got."""

    request_hash: bytes
    answer: Answer

    def repeated(self, key: RequestKey) -> Response:
        """The same answer again. Raises the 422 problem where the key was used for something else."""
        if self.request_hash != key.request_hash:
            text = "This Idempotency-Key was used for another request; take a new one."
            raise Problem.invalid(
                [FieldError("header:Idempotency-Key", "used_before", text)], "The key was used before"
            )
        return self.answer.response(repeated=True)


async def request_key(request: Request) -> RequestKey | None:
    """The request's key, if it has one. Raises the 422 problem for one that is too long."""
    key = request.headers.get(HEADER)
    if not key:
        return None
    if len(key) > LONGEST_KEY:
        raise Problem.invalid([FieldError("header:Idempotency-Key", "too_long", f"at most {LONGEST_KEY} characters")])
    query = request.scope["query_string"].decode("latin-1")
    digest = hashlib.sha256(f"{request.method} {request.scope['path']}?{query}\n".encode())
    digest.update(await request.body())
    principal = request.state.principal
    return RequestKey(principal.subject if principal else "anonymous", key, digest.digest())


def answered(writing: Writing, key: RequestKey | None) -> Response | None:
    """The answer given before to this key, or null. Raises the 422 problem where it was used for something else.

    Raises KeyError where the journal was not asked about it.
    """
    before = answer_before(writing, key) if key else None
    return before.repeated(key) if before and key else None


def answer_before(writing: Writing, key: RequestKey) -> Before | None:
    """What was answered to this key; null where it was never seen. Raises KeyError as `answered` does."""
    found = writing.answered[key.name]
    return found and Before(found.request_hash, Answer(found.status, found.body, dict(found.headers)))


def remember(writing: Writing, key: RequestKey | None, answer: Answer) -> None:
    """Keep the answer, written with the command's facts."""
    if key is not None:
        writing.remember(Answered(key.actor, key.key, key.request_hash, answer.status, answer.headers, answer.body))
