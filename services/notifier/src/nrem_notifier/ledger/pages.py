"""Pages of the ledger: what the coming days bring, who was told what, why and why not, what did not leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from nrem_notifier.ledger import store
from nrem_notifier.ledger.api import because, starts
from nrem_notifier.ledger.asking import Situation, scope_of, situation
from nrem_notifier.ledger.gate import gate
from nrem_notifier.ledger.passes import unreached
from nrem_notifier.ledger.preview import DAYS, preview
from nrem_notifier.mail import history_store
from nrem_notifier.mail import store as mail_store
from nrem_notifier.obligations.domain.values import Notice, Obligation, Recipient
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

#: Roles that mails are written to, in the order of the choice.
ROLES = ("focal_point", "authorised_officer", "coordinator", "secretariat")
STATES = ("sent", "waiting", "failed", "withheld", "superseded", "lapsed")
PER_PAGE = 100


@dataclass(frozen=True)
class Labels:
    """Words for institutions and obligations."""

    found: Situation | None

    def name(self, institution: str) -> str:
        """The abbreviation people know an institution by."""
        return self.found.known.around.name(institution) if self.found else institution

    def about(self, key: str) -> Obligation | Notice | None:
        """What a ledger row is about; null where nothing of the kind follows from the facts any more."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[str, Obligation | Notice]:
        found: dict[str, Obligation | Notice] = {}
        if self.found is not None:
            found.update((one.key, one) for one in self.found.known.obligations)
            found.update((one.key, one) for one in self.found.known.notices)
        return found

    @property
    def institutions(self) -> list[tuple[str, str]]:
        """(code, abbreviation) of every institution that owes something, in alphabetical order."""
        if self.found is None:
            return []
        codes = {one.owner.institution for one in self.found.known.obligations}
        return sorted(((code, self.name(code)) for code in codes), key=lambda pair: pair[1].lower())

    @property
    def kinds(self) -> Mapping[str, LocalizedText]:
        """Kind of obligation → its title."""
        return {code: kind.title for code, kind in self.found.rules.kinds.items()} if self.found else {}


def root_of(request: Request) -> str:
    """Where this service is mounted."""
    root: str = request.scope.get("root_path", "")
    return root


def everything(request: Request) -> bool:
    """Whether the reader looks after everybody's reminders."""
    return current_principal(request).has("coordinator", "secretariat", "operator")


@router.get("/")
async def coming(request: Request) -> HTMLResponse:
    """The next fourteen days, what is owed by nobody who can be written to, and whether anything is held."""
    scope = scope_of(request)
    found = await situation(request)
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        stands = await gate(runtime, conn)
        backlog = await mail_store.backlog(conn)
    expected = []
    if found is not None:
        expected = preview(found.known.obligations, found.told, found.rules, found.now, found.digested, DAYS)
    shown = [one for one in expected if scope is None or one.recipient.institution == scope]
    return _show(
        request,
        "notifier/preview.html",
        "preview.title",
        found,
        days=[(day, [one for one in shown if one.day == day]) for day in sorted({one.day for one in shown})],
        owed=_owed(found, scope),
        unreached=_unreached(found) if everything(request) else [],
        stands=stands,
        backlog=backlog,
    )


def _show(
    request: Request,
    template: str,
    title: str,
    found: Situation | None,
    errors: Sequence[FieldError] = (),
    **context: Any,
) -> HTMLResponse:
    """A page of the ledger, with what all of them are given."""
    return page(
        request,
        template,
        title=title,
        status=422 if errors else 200,
        errors=errors,
        root=root_of(request),
        everything=everything(request),
        demonstration=runtime_of(request).settings.demonstration,
        labels=Labels(found),
        **context,
    )


def _owed(found: Situation | None, scope: str | None) -> list[Obligation]:
    """What a member owes; whoever looks after everybody has the preview for that."""
    if found is None or scope is None:
        return []
    return [one for one in found.known.obligations if one.owner.institution == scope and one.met_at is None]


def _unreached(found: Situation | None) -> list[Recipient]:
    """Roles that owe something and that nobody holds: their mail goes to the coordinator."""
    if found is None:
        return []
    return unreached(found.known)


@router.get("/ledger")
async def ledger(
    request: Request,
    institution: Annotated[str, Query(max_length=16)] = "",
    code: Annotated[str, Query(max_length=32)] = "",
    state: Annotated[str, Query(max_length=16)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    number: Annotated[int, Query(ge=1, le=100, alias="page")] = 1,
) -> HTMLResponse:
    """Who was told what, newest first, with filters."""
    scope = scope_of(request, institution)
    found = await situation(request)
    today = local_date(runtime_of(request).clock.now())
    errors: list[FieldError] = []
    first = _day(since, today - timedelta(days=30), "since", errors)
    last = _day(until, today, "until", errors)
    async with runtime_of(request).pool.acquire() as conn:
        rows = await store.rows(
            conn, starts(first), starts(last + timedelta(days=1)), scope, code or None, state or None, 2000
        )
    pages = max(1, -(-len(rows) // PER_PAGE))
    number = min(number, pages)
    kept = {"institution": institution, "code": code, "state": state, "since": since, "until": until}
    asked = urlencode({name: value for name, value in kept.items() if value})
    address = f"{root_of(request)}/ledger?{asked}{'&' if asked else ''}page={{page}}"
    return _show(
        request,
        "notifier/ledger.html",
        "ledger.title",
        found,
        errors,
        rows=_dated(rows[(number - 1) * PER_PAGE : number * PER_PAGE]),
        total=len(rows),
        asked={**kept, "since": first, "until": last},
        states=STATES,
        number=number,
        pages=pages,
        address=address,
    )


def _dated(rows: Sequence[store.LedgerRow]) -> list[tuple[store.LedgerRow, date]]:
    """Each row with the day it was settled on."""
    return [(row, local_date(row.settled_at or row.decided_at)) for row in rows]


@router.get("/why")
async def why(
    request: Request,
    institution: Annotated[str, Query(max_length=16)] = "",
    role: Annotated[str, Query(max_length=32)] = "",
    day: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """Why did I get this, why did she not: for any recipient and day."""
    scope = scope_of(request, institution)
    found = await situation(request)
    now = runtime_of(request).clock.now()
    errors: list[FieldError] = []
    asked_day = _day(day, local_date(now), "day", errors)
    principal = current_principal(request)
    code = scope or institution or principal.member or "iem"
    plain = "coordinator" if principal.has("coordinator") and not institution else "focal_point"
    recipient = Recipient(code, role if role in ROLES else plain)
    reasons = await because(request, found, recipient, asked_day) if found else []
    return _show(
        request,
        "notifier/why.html",
        "why.title",
        found,
        errors,
        reasons=reasons,
        recipient=recipient,
        holder=found.known.contacts.of(recipient) if found else None,
        day=asked_day,
        roles=ROLES,
    )


@router.get("/problems")
async def delivery_problems(request: Request) -> HTMLResponse:
    """Mails that did not leave, with every try; roles that nobody holds."""
    found = await situation(request)
    now = runtime_of(request).clock.now()
    async with runtime_of(request).pool.acquire() as conn:
        mails = await history_store.problems(conn, now - timedelta(days=90))
        attempts = await history_store.attempts(conn, [one.id for one in mails])
        holds = await store.holds(conn, now - timedelta(days=30), now)
    return _show(
        request,
        "notifier/problems.html",
        "problems.title",
        found,
        mails=[(one, [each for each in attempts if each.mail == one.id]) for one in mails],
        unreached=_unreached(found),
        holds=list(reversed(holds)),
    )


def _day(given: str, otherwise: date, field: str, errors: list[FieldError]) -> date:
    if not given:
        return otherwise
    try:
        return date.fromisoformat(given)
    except ValueError:
        errors.append(FieldError(field, "refusal.not_a_day"))
        return otherwise
