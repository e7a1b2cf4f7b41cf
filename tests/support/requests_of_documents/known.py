"""Requests of which a test knows that they succeed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemathesis.core import NOT_SET

from nrem_shared.runtime.identity import Rule
from support.running import Running

NOBODY = ""


@dataclass(frozen=True)
class Known:
    """A request that succeeds: `who` is a role, `member` whose it is; `path` has real names.

    A `body` that is not known yet is a function that is called when it is sent.
    """

    operation: str
    who: str
    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = NOT_SET
    headers: dict[str, str] = field(default_factory=dict)
    member: str | None = None
    media_type: str | None = None
    first: Callable[[], Coroutine[Any, Any, Any]] | None = None  # what has to happen before

    def case(self, operation: Any, **instead: Any) -> Any:
        """The request as schemathesis sends it, with some parts put in place of its own."""
        parts = {"path_parameters": self.path, "query": self.query, "body": self.body, "headers": self.headers}
        media_type = self.media_type or (None if self.body is NOT_SET else "application/json")
        return operation.Case(**{**parts, **instead}, media_type=media_type)


def self_evident(operations: Mapping[str, Any], known: Sequence[Known], rules: Mapping[str, Rule]) -> Iterator[Known]:
    """Requests that need nothing but the right role."""
    named = {one.operation for one in known}
    for name, operation in operations.items():
        if name not in named and not operation.path_parameters and not operation.body:
            roles = rules[name].roles
            who = next((role for role in ("coordinator", "member", "operator") if role in roles), NOBODY)
            yield Known(name, who)


async def position_of(service: Running, type_: str) -> int:
    """Where the newest fact of a type stands in the service's journal."""
    async with service.runtime.pool.acquire() as conn:
        return int(await conn.fetchval("select max(position) from facts.journal where type = $1", type_))
