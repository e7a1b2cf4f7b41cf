"""Who may use which route of intake. Ownership (a member's own things only) is checked by the handlers: else 404."""

from __future__ import annotations

from nrem_intake.access_log.authorisation import RULES as ACCESS_LOG
from nrem_intake.administration.authorisation import RULES as ADMINISTRATION
from nrem_intake.contributors.authorisation import RULES as CONTRIBUTORS
from nrem_intake.discussions.authorisation import RULES as DISCUSSIONS
from nrem_intake.evidence.authorisation import RULES as EVIDENCE
from nrem_intake.extensions.authorisation import RULES as EXTENSIONS
from nrem_intake.history.authorisation import RULES as HISTORY
from nrem_intake.identity.authorisation import RULES as IDENTITY
from nrem_intake.redactions.authorisation import RULES as REDACTIONS
from nrem_intake.reporting.authorisation import RULES as REPORT
from nrem_intake.reviewing.authorisation import RULES as REVIEWING
from nrem_intake.spreadsheets.authorisation import RULES as SPREADSHEETS
from nrem_intake.submissions.authorisation import RULES as SUBMISSIONS
from nrem_shared.runtime.identity import PUBLIC, Rule
from nrem_shared.runtime.identity.principal import ROLES
from nrem_shared.web.operations import RULES as OPERATIONS
from nrem_shared.web.statements import RULES as STATEMENTS

ANYBODY = Rule(*ROLES)
REPORTING = Rule("member", "coordinator", "secretariat")
COORDINATOR = Rule("coordinator")

RULES: dict[str, Rule] = {
    "POST /api/members": COORDINATOR,
    "GET /api/members": ANYBODY,
    "GET /api/members/{code}": ANYBODY,
    "GET /api/members/{code}/contacts": REPORTING,
    "PUT /api/members/{code}/contacts/{role}": COORDINATOR,
    "DELETE /api/members/{code}/contacts/{role}": COORDINATOR,
    "POST /api/reference": COORDINATOR,
    "GET /api/reference/{kind}": ANYBODY,
    "GET /api/reference/{kind}/{code}": ANYBODY,
    "POST /api/periods": COORDINATOR,
    "POST /api/periods/{code}/close": COORDINATOR,
    "GET /api/periods": ANYBODY,
    "GET /api/periods/{code}": ANYBODY,
    "GET /api/clock": PUBLIC,
    "POST /api/clock": Rule("coordinator", "operator"),
    **IDENTITY,
    **CONTRIBUTORS,
    **ACCESS_LOG,
    **SUBMISSIONS,
    **REPORT,
    **EXTENSIONS,
    **SPREADSHEETS,
    **HISTORY,
    **DISCUSSIONS,
    **REDACTIONS,
    **EVIDENCE,
    **REVIEWING,
    **ADMINISTRATION,
    **OPERATIONS,
    **STATEMENTS,
}
