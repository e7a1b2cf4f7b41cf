"""Who may use which route of administration: the coordinator."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_COORDINATOR = Rule("coordinator")

_MEMBER = "/administration/members/{code}"
_CONTACT = f"{_MEMBER}/contacts/{{role}}"
_PERIOD = "/administration/periods/{code}"
_LABEL = "/administration/labels/{kind}/{code}"
_ITEM = "/administration/reference/{kind}/{code}"

RULES: dict[str, Rule] = dict.fromkeys(
    (
        "GET /administration",
        "GET /administration/members",
        "GET /administration/register",
        "POST /administration/register",
        f"GET {_MEMBER}",
        f"GET {_MEMBER}/change",
        f"POST {_MEMBER}/change",
        f"GET {_CONTACT}",
        f"POST {_CONTACT}",
        f"POST {_CONTACT}/erase",
        f"POST {_MEMBER}/keys",
        f"POST {_MEMBER}/keys/{{id}}/rotate",
        f"POST {_MEMBER}/keys/{{id}}/revoke",
        "GET /administration/periods",
        "POST /administration/periods",
        f"GET {_PERIOD}",
        f"POST {_PERIOD}/close",
        "GET /administration/reference",
        f"GET {_ITEM}",
        f"POST {_ITEM}/validity",
        f"POST {_ITEM}/codes",
        f"GET {_ITEM}/codes/{{entry}}",
        f"POST {_ITEM}/codes/{{entry}}",
        "GET /administration/add-codelist",
        "POST /administration/add-codelist",
        "GET /administration/add-indicator",
        "POST /administration/add-indicator",
        "GET /administration/indicators/{code}/change",
        "POST /administration/indicators/{code}/change",
        f"GET {_LABEL}",
        f"POST {_LABEL}",
        f"GET {_LABEL}/{{entry}}",
        f"POST {_LABEL}/{{entry}}",
        "GET /administration/transfer",
        "POST /administration/transfer",
        "GET /administration/export",
        "POST /administration/import",
        "GET /api/administration",
        "POST /api/administration",
    ),
    _COORDINATOR,
)
