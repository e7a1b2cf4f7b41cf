"""One thing that somebody does in the demonstration, and the order in which things happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Action = Literal[
    "open",
    "submit",
    "correct",
    "accept",
    "return",
    "release",
    "call",
    "hold",
    "decide",
    "verdict",
    "dissent",
    "finish",
    "circulate",
    "amend",
    "answer",
    "approve",
    "deliver",
]

#: Who decides: the ministry's coordinator, with a key of its own.
COORDINATOR = "coordinator"

#: At the same instant: first periods open, then members send, then the coordinator decides, then a meeting goes on.
_RANK: dict[Action, int] = {
    "open": 0,
    "submit": 1,
    "correct": 1,
    "accept": 2,
    "return": 2,
    "release": 3,
    "call": 4,
    "hold": 5,
    "decide": 6,
    "verdict": 7,
    "dissent": 8,
    "finish": 9,
    "circulate": 10,
    "amend": 11,
    "answer": 12,
    "approve": 13,
    "deliver": 14,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does: who, when, and the request. `key` is its Idempotency-Key, the same for ever.

    `version` is the version of a submission that it makes or decides about; `subject` names what else it is about:
    a meeting, a decision, a task, a plan result, an amendment, a legal deadline.
    """

    at: datetime
    key: str
    who: str
    action: Action
    period: str
    path: str
    body: dict[str, Any] = field(hash=False)
    member: str | None = None
    version: int | None = None
    subject: str = ""

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Place in the scenario."""
        return self.at, _RANK[self.action], self.key
