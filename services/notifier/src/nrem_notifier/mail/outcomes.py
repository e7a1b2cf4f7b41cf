"""What became of a mail, as a fact for the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from nrem_shared.contracts.reminders import DeliveryRecorded
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_notifier.ledger.store import LedgerRow
    from nrem_notifier.mail.store import Claimed, StoredMail


def outcome_fact(
    mail: Claimed | StoredMail, attempts: int, outcome: str, cause: str, rows: Sequence[LedgerRow], now: datetime
) -> Fact:
    """The server took it, refused it for good, or it was not to be sent."""
    data = DeliveryRecorded.model_validate(
        {
            "mail": str(mail.id),
            "kind": mail.kind,
            "contact": mail.contact,
            "member": mail.institution,
            "role": mail.role,
            "outcome": outcome,
            "cause": cause,
            "attempts": attempts,
            "planned_at": mail.planned_at,
            "settled_at": now,
            "delay_seconds": max(0.0, (now - mail.planned_at).total_seconds()),
            "told": [_told(row) for row in rows],
        }
    )
    return Fact("nrem.delivery.recorded.v1", f"mail/{mail.id}", 1, data)


def withheld_fact(mail: StoredMail, rows: Sequence[LedgerRow]) -> Fact:
    """Its address is not on the allow-list."""
    return outcome_fact(mail, 0, "withheld", mail.cause, rows, mail.decided_at)


def _told(row: LedgerRow) -> dict[str, object]:
    return {
        "obligation": row.obligation,
        "code": row.code,
        "step": row.step,
        "planned": row.planned,
        "outcome": "merged" if row.outcome == "merged" else "sent",
        "fallback": row.fallback,
    }
