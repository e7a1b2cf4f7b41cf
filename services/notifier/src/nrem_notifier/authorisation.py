"""Who may use which route of notifier. Ownership (a member sees its own institution) is checked by the handlers."""

from __future__ import annotations

from nrem_shared.runtime.identity import PUBLIC, Rule
from nrem_shared.web.operations import RULES as OPERATIONS
from nrem_shared.web.redactions import RULES as REDACTIONS

#: Everybody who owes something, and those who look after it.
CONCERNED = Rule("member", "officer", "coordinator", "secretariat", "operator")
LOOKING_AFTER = Rule("coordinator", "secretariat", "operator")
MINISTRY = Rule("coordinator", "secretariat")
COORDINATOR = Rule("coordinator")
SWITCHING = Rule("coordinator", "operator")

RULES: dict[str, Rule] = {
    "GET /api/obligations": CONCERNED,
    "GET /api/ledger": CONCERNED,
    "GET /api/preview": CONCERNED,
    "GET /api/why": CONCERNED,
    "GET /api/deliveries/problems": LOOKING_AFTER,
    "GET /api/settled": PUBLIC,
    "POST /api/reminders": COORDINATOR,
    "POST /api/notes": MINISTRY,
    "GET /api/notes": MINISTRY,
    "GET /api/today": Rule(*CONCERNED.roles, "contributor"),
    "POST /api/policies": COORDINATOR,
    "GET /api/policies": CONCERNED,
    "POST /api/calendar": COORDINATOR,
    "GET /api/calendar": CONCERNED,
    "GET /api/sending": LOOKING_AFTER,
    "POST /api/sending": SWITCHING,
    "POST /api/mail/test": SWITCHING,
    "GET /api/mails/{mail}": LOOKING_AFTER,
    "POST /api/calendars": CONCERNED,
    "GET /calendars/{secret}.ics": PUBLIC,
    "GET /": CONCERNED,
    # Whoever is not signed in learns there what is open to everybody.
    "GET /today": PUBLIC,
    "GET /obligation": CONCERNED,
    "POST /obligation/remind": COORDINATOR,
    "POST /obligation/note": MINISTRY,
    "GET /ledger": CONCERNED,
    "GET /why": CONCERNED,
    "GET /problems": LOOKING_AFTER,
    "GET /policies": LOOKING_AFTER,
    "POST /sending": SWITCHING,
    "GET /calendar": CONCERNED,
    "POST /calendar": CONCERNED,
    # In a demonstration only; elsewhere the handlers know of no mailboxes.
    "GET /mailboxes": PUBLIC,
    "GET /mailboxes/{address}": PUBLIC,
    "GET /mailboxes/{address}/{number}": PUBLIC,
    "GET /mailboxes/{address}/{number}/html": PUBLIC,
    **OPERATIONS,
    **REDACTIONS,
}
