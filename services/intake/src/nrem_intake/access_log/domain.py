"""What is written down: reading another institution's things, and taking many out at once. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nrem_shared.runtime.identity.principal import Principal

What = Literal["read", "export"]

#: Routes that take out more than one page shows, or a file.
EXPORTS = frozenset(
    {
        "/api/administration",
        "/api/submissions",
        "/api/corrections",
        "/api/evidence/{id}",
        "/api/workbooks/history",
        "/corrections/download",
        "/administration/export",
        "/periods/{period}/submissions/{member}/workbook.xlsx",
    }
)


def noted(principal: Principal | None, route: str, parameters: Mapping[str, object]) -> What | None:
    """Whether an answered GET is written down, and as what; reading one's own institution's report is not."""
    if principal is None:
        return None
    others = not (principal.member is not None and principal.member == parameters.get("member"))
    if route in EXPORTS:
        return "export" if others else None
    return "read" if "member" in parameters and others else None
