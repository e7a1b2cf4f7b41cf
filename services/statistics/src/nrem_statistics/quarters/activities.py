"""Activities, funding and challenges of the versions in force, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from pydantic import Field

from nrem_statistics.answer import Answer
from nrem_statistics.observations.domain import CENT, ActivityRow, ChallengeRow, FundingRow
from nrem_statistics.quarters.totals import Figure, Part, add, add_by


class ActivityFigures(Answer):
    """What was done. A kind that no submission in force names counts 0; null where nobody has reported at all."""

    campaigns: Figure
    trainings: Figure
    training_participants: Figure = Field(description="Attendances, not different people")
    first_contact_trained: dict[str, Figure] = Field(description="Attendances by kind of first-contact institution")
    joint_projects_started: Figure
    joint_projects_running: Figure = Field(description="A stock: joint projects that had not ended")
    legislative_initiatives: Figure = Field(description="New ones; a later stage of the same is not counted again")
    materials: Figure
    material_copies: Figure
    events: Figure
    research: Figure
    representations: Figure
    by_audience: dict[str, dict[str, Figure]] = Field(description="Campaigns, trainings, materials, events by audience")


class _Coded(NamedTuple):
    """A number and the code it is counted under."""

    code: str
    value: int | None
    empty: str | None = None


class FundingFigures(Answer):
    """Money used, in euro; amounts are decimal texts with two places, so that no cent is lost."""

    total: Decimal | None = Field(description="null where nobody reported an amount")
    source: dict[str, Decimal]
    purpose: dict[str, Decimal]


class ChallengeFigures(Answer):
    """Challenges named in the versions in force."""

    open: Figure
    ended: Figure


def activity_figures(rows: Sequence[ActivityRow], reported: bool, not_reported: int) -> ActivityFigures:
    """Count activities; `reported` = some version is in force, `not_reported` = members without one."""

    def count(of_type: str, test: Callable[[ActivityRow], bool] = lambda _: True) -> Figure:
        return _known(sum(test(row) for row in rows if row.type == of_type), reported, not_reported)

    trainings = [row for row in rows if row.type == "TRAINING"]
    contacts = [_Coded(kind, number) for row in rows for kind, number in row.first_contact]
    return ActivityFigures(
        campaigns=count("CAMPAIGN"),
        trainings=count("TRAINING"),
        training_participants=_added([row.participants for row in trainings], reported, not_reported),
        first_contact_trained=_by_code(contacts),
        joint_projects_started=count("JOINT_PROJECT", lambda row: row.project_phase == "started"),
        joint_projects_running=count("JOINT_PROJECT", lambda row: row.project_phase != "ended"),
        legislative_initiatives=count("LEGISLATIVE", lambda row: not row.continues),
        materials=count("MATERIAL"),
        material_copies=_added([row.copies for row in rows if row.type == "MATERIAL"], reported, not_reported),
        events=count("EVENT"),
        research=count("RESEARCH"),
        representations=count("REPRESENTATION"),
        by_audience={
            name: _by_code([_Coded(row.audience, 1) for row in rows if row.type == of_type])
            for name, of_type in _WITH_AUDIENCE
        },
    )


_WITH_AUDIENCE = (("campaigns", "CAMPAIGN"), ("trainings", "TRAINING"), ("materials", "MATERIAL"), ("events", "EVENT"))


def funding_figures(rows: Sequence[FundingRow]) -> FundingFigures:
    """Sums by source and by purpose, exact to the cent."""
    return FundingFigures(
        total=_euros(row.amount_eur for row in rows) if rows else None,
        source=_euros_by(rows, lambda row: row.source),
        purpose=_euros_by(rows, lambda row: row.purpose),
    )


def challenge_figures(rows: Sequence[ChallengeRow], reported: bool, not_reported: int) -> ChallengeFigures:
    """How many challenges are open and how many ended in the quarter."""
    return ChallengeFigures(
        open=_known(sum(row.state == "open" for row in rows), reported, not_reported),
        ended=_known(sum(row.state == "ended" for row in rows), reported, not_reported),
    )


def _known(count: int, reported: bool, not_reported: int) -> Figure:
    return add([Part(count)] if reported else [], not_reported)


def _added(numbers: Sequence[int | None], reported: bool, not_reported: int) -> Figure:
    """Nothing to count is zero; something counted without its number is unknown."""
    if not numbers:
        return _known(0, reported, not_reported)
    return add([Part(number) for number in numbers], not_reported)


def _by_code(numbers: Iterable[_Coded]) -> dict[str, Figure]:
    return add_by(numbers, lambda one: one.code)


def _euros(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0)).quantize(CENT)


def _euros_by(rows: Sequence[FundingRow], code: Callable[[FundingRow], str]) -> dict[str, Decimal]:
    return {one: _euros(row.amount_eur for row in rows if code(row) == one) for one in sorted({code(r) for r in rows})}
