"""Who is asking: an institution's machine or a person in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

#: `member` = an institution's focal point, deputy or machine; `officer` signs for it; `contributor` fills the sections
#: given to them; `observer` = somebody of a non-governmental organisation who may dissent.
ROLES = frozenset({"member", "officer", "contributor", "observer", "coordinator", "secretariat", "operator", "reader"})

#: Those who act for one institution and see what is its own.
OF_AN_INSTITUTION = frozenset({"member", "officer", "contributor", "observer"})


@dataclass(frozen=True, slots=True)
class Principal:
    """What a verified token says. `member` = the institution acted for; revoked by `key` or `session`.

    `sections` = the sections of a report (codes of `SECTIONS`) that a contributor fills; empty for everybody else.
    `office` = what the person is to the institution (`focal_point`, `deputy` …), to be read: nothing goes by it.
    """

    subject: str
    roles: frozenset[str]
    member: str | None
    key: str | None
    session: str | None
    display: str
    language: str
    expires_at: datetime
    by_cookie: bool = False
    sections: frozenset[str] = frozenset()
    office: str | None = None

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held."""
        return not self.roles.isdisjoint(roles)

    def owns(self, member: str) -> bool:
        """Whether this institution's things may be seen: its own, or all of them by the ministry's coordinators."""
        return self.has("coordinator", "secretariat") or (self.has(*OF_AN_INSTITUTION) and self.member == member)
