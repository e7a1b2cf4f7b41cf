"""Obligations are a function of the facts: of what they say, not of the order in which they came."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from nrem_embedded.demonstration.reference_data import initial_data
from nrem_notifier.obligations.domain.everything import notices_of, obligations_of
from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.values import Obligation, Recipient, Surroundings
from nrem_shared.contracts.base import Contract, LocalizedText
from nrem_shared.contracts.meetings import TaskAssigned, TaskCarriedOver, TaskDone
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.plans import DeadlineOwner, LegalDeadlineMet, LegalDeadlineSet, PlanAdopted, VerdictGiven
from nrem_shared.contracts.submissions import SubmissionContent, SubmissionSubmitted, SubmissionWithdrawn
from unit.notifier.golden import MINISTRY, rules

DATA = Path(__file__).parents[3] / "data"
NOW = datetime(2026, 10, 12, 6, tzinfo=UTC)
TEXT = LocalizedText(lv="Nosaukums", en="Title")


def worked_out(*facts: tuple[str, Contract, datetime]) -> dict[str, Obligation]:
    counts: dict[str, int] = {}
    revisions = []
    for subject, data, at in facts:
        counts[subject] = counts.get(subject, 0) + 1
        revisions.append(Revision(subject, counts[subject], at, data))
    known = Facts.of(revisions)
    around = Surroundings(rules().kinds, rules().days, known.institutions, MINISTRY)
    return {one.key: one for one in obligations_of(known, around, NOW.date())}


def plan_facts() -> list[tuple[str, Contract, datetime]]:
    data = initial_data(DATA)
    at = datetime(2025, 12, 31, 7, tzinfo=UTC)
    members = [InstitutionRegistered.model_validate(each) for each in data.institutions]
    plans = [PlanAdopted.model_validate(each) for each in data.plans]
    return [*((f"member/{m.code}", m, at) for m in members), *((f"plan/{p.code}", p, at) for p in plans)]


def test_a_body_outside_the_group_is_reached_through_its_parent_or_the_coordinator() -> None:
    found = worked_out(*plan_facts())

    def owners(result: str) -> set[Recipient]:
        return {one.owner for key, one in found.items() if key.startswith(f"PLAN_RESULTS/2025-2027/{result}/")}

    assert owners("7.4") == {Recipient("iem", "coordinator")}
    assert Recipient("iem", "focal_point") in owners("9.1")
    assert Recipient("tm", "focal_point") in owners("9.3")
    assert all(not key.startswith("PLAN_RESULTS/2021-2023") for key in found)


def test_one_duty_printed_in_several_places_is_one_obligation() -> None:
    deadlines = yaml.safe_load((DATA / "deadlines.yaml").read_text())["deadlines"]
    overview = next(one for one in deadlines if one["code"] == "PLAN_OVERVIEW")
    legal = LegalDeadlineSet.model_validate(overview)
    found = worked_out(*plan_facts(), ("legal-deadline/PLAN_OVERVIEW", legal, NOW))
    assert "PLAN_OVERVIEW/2027-07-30" in found
    assert not [key for key in found if key.startswith(("PLAN_RESULTS/2025-2027/2.1/", "PLAN_RESULTS/2025-2027/11.1/"))]


def test_a_final_verdict_meets_a_result_and_a_changed_one_opens_it_again() -> None:
    def verdict(status: Any) -> VerdictGiven:
        return VerdictGiven(plan="2025-2027", result="7.1", verdict=status, text=TEXT, given_at=NOW)

    key = "PLAN_RESULTS/2025-2027/7.1/1/vdi"
    subject = "verdict/2025-2027/7.1"
    assert worked_out(*plan_facts())[key].met_at is None
    assert worked_out(*plan_facts(), (subject, verdict("completed"), NOW))[key].met_at == NOW
    later = NOW + timedelta(days=1)
    again = worked_out(*plan_facts(), (subject, verdict("completed"), NOW), (subject, verdict("in_progress"), later))
    assert again[key].met_at is None


def test_a_legal_duty_is_met_when_delivered_and_given_up_when_named_no_more() -> None:
    whole: dict[str, Any] = {"code": "ART19A_LATEST", "title": TEXT, "kind": "legal",
                             "owner": DeadlineOwner(institution="iem"), "rule": {"kind": "yearly"}}  # fmt: skip
    due, other = date(2026, 12, 31), date(2027, 12, 31)
    subject = "legal-deadline/ART19A_LATEST"
    set_ = (subject, LegalDeadlineSet(**whole, next=(due, other)), NOW - timedelta(days=400))
    met = (subject, LegalDeadlineMet(**whole, next=(other,), met=(due,), due=due, met_on=NOW.date()), NOW)
    found = worked_out(set_, met)
    assert found[f"ART19A_LATEST/{due}"].met_at == NOW
    assert found[f"ART19A_LATEST/{due}"].opened == date(2026, 1, 1)
    assert found[f"ART19A_LATEST/{other}"].met_at is None


def test_what_was_withdrawn_is_owed_again_from_that_day() -> None:
    stream: dict[str, Any] = {
        "period": "2026-Q3", "member": "em", "version": 1, "accepted_version": None, "first_submitted_at": NOW,
        "late": False, "due": date(2026, 10, 15), "nothing_to_report": True,
    }  # fmt: skip
    content = SubmissionContent(nothing_to_report=True)
    opened = PeriodOpened(code="2026-Q3", due=date(2026, 10, 15), group="g", owes=("em",))
    sent = SubmissionSubmitted(**stream, state="submitted", pending_version=1, kind="first", content=content)
    gone = SubmissionWithdrawn(**stream, state="withdrawn", pending_version=None)
    subject = "submission/2026-Q3/em"
    facts = [("period/2026-Q3", opened, NOW), (subject, sent, NOW)]
    assert worked_out(*facts)["QUARTER/2026-Q3/em"].met_at == NOW
    again = worked_out(*facts, (subject, gone, NOW))["QUARTER/2026-Q3/em"]
    assert (again.met_at, again.opened) == (None, NOW.date())


def test_a_task_carried_over_moves_and_a_done_one_is_met() -> None:
    whole: dict[str, Any] = {"code": "T-1", "meeting": "M-1", "decision": "D-1", "owner": "km", "text": TEXT,
                             "assigned_on": date(2026, 8, 12), "first_due": date(2026, 8, 31)}  # fmt: skip
    given_ = ("task/T-1", TaskAssigned(**whole, due=date(2026, 8, 31), state="open"), NOW)
    moved = ("task/T-1", TaskCarriedOver(**whole, due=date(2026, 12, 15), state="open", carried_by="D-2"), NOW)
    done = ("task/T-1", TaskDone(**whole, due=date(2026, 12, 15), state="done", done_on=NOW.date()), NOW)
    found = worked_out(given_, moved)["TASK/T-1"]
    assert [move.due for move in found.moves] == [found.due] == [date(2026, 12, 15)]
    assert worked_out(given_, moved, done)["TASK/T-1"].met_at == NOW


@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_repetition_mean_nothing(chance: Any) -> None:
    facts = plan_facts()
    revisions = [Revision(subject, 1, at, data) for subject, data, at in facts]
    shuffled = [*revisions, *revisions[:5]]
    chance.shuffle(shuffled)
    first, second = Facts.of(revisions), Facts.of(shuffled)
    assert first == second
    around = Surroundings(rules().kinds, rules().days, first.institutions, MINISTRY)
    assert obligations_of(first, around, NOW.date()) == obligations_of(second, around, NOW.date())
    assert notices_of(first, around) == notices_of(second, around)
