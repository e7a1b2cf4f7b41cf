"""What a set of policies would send today: the ledger's own decisions, without keeping any."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from nrem_notifier.ledger.domain import remindable
from nrem_notifier.ledger.passes import due_now
from nrem_notifier.obligations.reading import Knowledge
from nrem_shared.runtime.clock import local_date

if TYPE_CHECKING:
    from nrem_notifier.policies.domain import Rules
    from nrem_notifier.settings import NotifierSettings
    from nrem_shared.runtime.database import Connection


async def reminders_today(conn: Connection, rules: Rules, now: datetime, settings: NotifierSettings) -> int:
    """How many reminders (obligation × recipient) leave today under these rules, if today is a working day."""
    known = await Knowledge(rules.ministry).read(conn, rules, local_date(now))
    if not any(remindable(one, rules) for one in known.obligations):
        return 0
    instant = max(now, rules.runs_at(local_date(now)))
    decisions, _, _ = await due_now(conn, known, rules, instant, settings)
    return sum(1 for one in decisions if one.outcome == "sent")
