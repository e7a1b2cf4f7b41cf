"""Who may use which route of intake. Ownership (a member's own things only) is checked by the handlers: else 404."""

from __future__ import annotations

from nrem_intake.extensions.authorisation import RULES as EXTENSIONS
from nrem_intake.submissions.authorisation import RULES as SUBMISSIONS
from nrem_shared.runtime.identity import PUBLIC, Rule
from nrem_shared.web.operations import RULES as OPERATIONS

ANYBODY = Rule("member", "coordinator", "secretariat", "operator", "reader")
REPORTING = Rule("member", "coordinator", "secretariat")
COORDINATOR = Rule("coordinator")

RULES: dict[str, Rule] = {
    "POST /api/oauth/token": PUBLIC,
    "GET /.well-known/jwks.json": PUBLIC,
    "POST /api/members": COORDINATOR,
    "GET /api/members": ANYBODY,
    "GET /api/members/{code}": ANYBODY,
    "GET /api/members/{code}/contacts": REPORTING,
    "PUT /api/members/{code}/contacts/{role}": COORDINATOR,
    "DELETE /api/members/{code}/contacts/{role}": COORDINATOR,
    "GET /api/members/{code}/keys": REPORTING,
    "POST /api/members/{code}/keys": COORDINATOR,
    "DELETE /api/keys/{id}": COORDINATOR,
    "POST /api/reference": COORDINATOR,
    "GET /api/reference/{kind}": ANYBODY,
    "GET /api/reference/{kind}/{code}": ANYBODY,
    "POST /api/periods": COORDINATOR,
    "POST /api/periods/{code}/close": COORDINATOR,
    "GET /api/periods": ANYBODY,
    "GET /api/periods/{code}": ANYBODY,
    "GET /api/clock": PUBLIC,
    "POST /api/clock": Rule("coordinator", "operator"),
    "GET /session/renew": PUBLIC,
    "POST /session/renew": PUBLIC,
    "POST /session/end": PUBLIC,
    "POST /demonstration/session": PUBLIC,
    **SUBMISSIONS,
    **EXTENSIONS,
    **OPERATIONS,
}
