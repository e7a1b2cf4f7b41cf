"""What the routes ask about: whose obligations may be seen, and what is known now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from nrem_notifier.ledger import store
from nrem_notifier.ledger.passes import digested_today, settings_of
from nrem_notifier.obligations.reading import Knowledge, Known
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import runtime_of

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_notifier.ledger.domain import StepKey
    from nrem_notifier.obligations.domain.values import Recipient
    from nrem_notifier.policies.domain import Rules


@dataclass(frozen=True)
class Situation:
    """Everything that follows from what is known at `now`."""

    known: Known
    rules: Rules
    told: set[StepKey]
    digested: frozenset[Recipient]
    now: datetime


def scope_of(request: Request, asked: str | None = None) -> str | None:
    """The institution that may be seen: the one asked for, or all (null) where everything may be seen.

    A member sees its own only. Raises the 404 problem for somebody else's.
    """
    principal = current_principal(request)
    if principal.has("coordinator", "secretariat", "operator"):
        return asked or None
    if principal.member is None or (asked and asked != principal.member):
        raise Problem.not_found("There is no such institution.")
    return principal.member


def knowledge_of(request: Request) -> Knowledge:
    """What this process keeps of the facts."""
    state = request.app.state
    if not hasattr(state, "knowledge"):
        state.knowledge = Knowledge(settings_of(request.app.state.runtime).ministry)
    knowledge: Knowledge = state.knowledge
    return knowledge


async def situation(request: Request) -> Situation | None:
    """What is known now; null where no policies were adopted yet."""
    runtime = runtime_of(request)
    now = runtime.clock.now()
    async with runtime.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        knowledge = knowledge_of(request)
        rules = await knowledge.rules(conn)
        if rules is None:
            return None
        known = await knowledge.read(conn, rules, local_date(now))
        told = await store.told(conn, [one.key for one in known.obligations])
        return Situation(known, rules, told, await digested_today(conn, known, now), now)
