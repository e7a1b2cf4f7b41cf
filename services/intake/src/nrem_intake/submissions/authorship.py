"""Whose submission it is: a member sees and writes its own, the ministry's coordinators see all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from fastapi import Request


def own_or_404(request: Request, member: str) -> None:
    """Raise the 404 problem unless the asker may see this member's submissions."""
    if not current_principal(request).owns(member):
        raise not_found(request)


def check_own(request: Request, member: str) -> None:
    """Raise 404 unless the asker acts for this member; 403 for a coordinator, who sees it but never reports for it."""
    principal = current_principal(request)
    if principal.has("member") and principal.member == member:
        return
    own_or_404(request, member)
    raise Problem.forbidden(translator_of(request)("submission_problem.own_only"))


def not_found(request: Request) -> Problem:
    """The 404 problem: it does not exist, or is somebody else's; the two look the same."""
    translate = translator_of(request)
    return Problem(404, "not-found", translate("submission_problem.unknown"), translate("refusal.unknown_submission"))
