"""All obligations and notices that the facts give rise to."""

from __future__ import annotations

from datetime import date

from nrem_notifier.obligations.domain import discussions, meetings, plans, signatures, submissions
from nrem_notifier.obligations.domain.facts import Facts
from nrem_notifier.obligations.domain.values import Notice, Obligation, Surroundings


def obligations_of(facts: Facts, around: Surroundings, today: date) -> tuple[Obligation, ...]:
    """Everything that is or was owed, in order of due dates."""
    every = (
        *submissions.obligations(facts, around),
        *signatures.obligations(facts, around),
        *meetings.obligations(facts, around),
        *plans.obligations(facts, around, today),
    )
    return tuple(sorted(every, key=lambda one: (one.due, one.key)))


def notices_of(facts: Facts, around: Surroundings) -> tuple[Notice, ...]:
    """Everything that is or was to be told at once, in order of time."""
    every = (
        *submissions.notices(facts, around),
        *signatures.notices(facts, around),
        *meetings.notices(facts, around),
        *discussions.notices(facts, around),
    )
    return tuple(sorted(every, key=lambda one: (one.at, one.key)))
