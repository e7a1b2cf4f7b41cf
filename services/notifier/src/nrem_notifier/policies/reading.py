"""The rules in force, from the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_notifier.policies import store
from nrem_notifier.policies.domain import Rules, working_days

if TYPE_CHECKING:
    from nrem_notifier.settings import NotifierSettings
    from nrem_shared.runtime.database import Connection


async def rules(conn: Connection, settings: NotifierSettings) -> Rules | None:
    """Policies and calendar; null where no policies were adopted yet: then nothing is ever sent."""
    found = await store.policies(conn)
    if found is None:
        return None
    calendar = await store.calendar(conn)
    return Rules(found[1], working_days(calendar[1] if calendar else None), settings.ministry)
