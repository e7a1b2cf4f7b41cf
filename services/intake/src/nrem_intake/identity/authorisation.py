"""Who may use which route of signing in, keys and sessions."""

from __future__ import annotations

from nrem_shared.runtime.identity import PUBLIC, Rule
from nrem_shared.runtime.identity.principal import ROLES

_ANYBODY = Rule(*ROLES)
_COORDINATOR = Rule("coordinator")
_KEYS = Rule("member", "coordinator", "secretariat")

RULES: dict[str, Rule] = {
    "POST /api/oauth/token": PUBLIC,
    "GET /.well-known/jwks.json": PUBLIC,
    "GET /api/members/{code}/keys": _KEYS,
    "POST /api/members/{code}/keys": _COORDINATOR,
    # An institution changes its own keys by itself; others' are not found.
    "POST /api/keys/{id}/rotation": Rule("member", "coordinator"),
    "DELETE /api/keys/{id}": Rule("member", "coordinator"),
    "DELETE /api/members/{code}/contacts/{role}/second-factor": Rule("operator"),
    "GET /second-factors": Rule("operator"),
    "POST /second-factors/{code}/{role}": Rule("operator"),
    "GET /session/renew": PUBLIC,
    "POST /session/renew": PUBLIC,
    "POST /session/end": PUBLIC,
    "POST /demonstration/session": PUBLIC,
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "GET /sign-in/sent": PUBLIC,
    "GET /sign-in/link": PUBLIC,
    "POST /sign-in/link": PUBLIC,
    "POST /sign-in/again": PUBLIC,
    "GET /sign-in/provider": PUBLIC,
    "GET /sign-in/provider/return": PUBLIC,
    # Between the steps there is a session and no token yet: the handlers look at the session.
    "GET /sign-in/role": PUBLIC,
    "POST /sign-in/role": PUBLIC,
    "GET /sign-in/second-factor": PUBLIC,
    "POST /sign-in/second-factor": PUBLIC,
    "POST /account/recovery-codes": PUBLIC,
    "GET /account": _ANYBODY,
    "POST /account/sessions/{id}/end": _ANYBODY,
    "POST /account/sessions/end": _ANYBODY,
}
