"""Whose files they are: the institution's own people send and see them, the ministry's coordinators see all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from nrem_intake.evidence import store
from nrem_intake.evidence.domain import Evidence
from nrem_intake.submissions.authorship import not_found, own_or_404
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from fastapi import Request

#: The section of a report that files belong to.
SECTION = "plan_progress"


def check_sender(request: Request, member: str) -> None:
    """Raise 404 unless the asker may see this member's files, 403 unless it may send them."""
    own_or_404(request, member)
    if not may_send(request, member):
        raise Problem.forbidden(translator_of(request)("evidence.own_only"))


def may_send(request: Request, member: str) -> bool:
    """Those who report for the institution, and contributors to whom the section was given."""
    principal = current_principal(request)
    if principal.member != member:
        return False
    return principal.has("member") or (principal.has("contributor") and SECTION in principal.sections)


async def visible(request: Request, id: UUID) -> Evidence:
    """A file that the asker may see. Raises the 404 problem."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.evidence(conn, id)
    if found is None:
        raise not_found(request)
    own_or_404(request, found.member)
    return found
