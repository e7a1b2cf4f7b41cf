"""Who is asking: an institution's machine or a person in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ROLES = frozenset({"member", "coordinator", "secretariat", "operator", "reader"})


@dataclass(frozen=True, slots=True)
class Principal:
    """What a verified token says. `member` = the institution acted for; revoked by `key` or `session`."""

    subject: str
    roles: frozenset[str]
    member: str | None
    key: str | None
    session: str | None
    display: str
    language: str
    expires_at: datetime
    by_cookie: bool = False

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held."""
        return not self.roles.isdisjoint(roles)

    def owns(self, member: str) -> bool:
        """Whether this institution's things may be seen: its own, or all of them by the ministry's coordinators."""
        return self.has("coordinator", "secretariat") or ("member" in self.roles and self.member == member)
