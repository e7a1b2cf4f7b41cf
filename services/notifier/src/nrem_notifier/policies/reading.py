"""The rules in force, from the tables; parsed once per change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_notifier.policies import store
from nrem_notifier.policies.domain import Rules, working_days

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


class RuleBook:
    """Policies and calendar as this process read them last."""

    def __init__(self, ministry: str) -> None:
        self._ministry = ministry
        self._revisions: tuple[int, int] | None = None
        self._rules: Rules | None = None

    async def read(self, conn: Connection) -> Rules | None:
        """The rules in force; null where no policies were adopted yet: then nothing is ever sent."""
        policies, calendar, _ = await store.revisions(conn)
        if (policies, calendar) != self._revisions:
            found = await store.policies(conn)
            days = await store.calendar(conn)
            known = working_days(days[1] if days else None)
            self._rules = Rules(found[1], known, self._ministry) if found else None
            self._revisions = (found[0] if found else 0, days[0] if days else 0)
        return self._rules
