"""Giving a verdict, recording a dissent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.meetings import store as meetings
from nrem_plan_tracker.plans import store as plans
from nrem_plan_tracker.progress.domain import assessments_of
from nrem_plan_tracker.refusals import Refusal, conflict, invalid, unknown
from nrem_plan_tracker.sources import store as sources
from nrem_plan_tracker.submissions import store as submissions
from nrem_plan_tracker.verdicts import store
from nrem_plan_tracker.verdicts.domain import check_verdict
from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.plans import DissentRecorded, PlanAdopted, PlanResult, VerdictGiven
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.journal import store as journal

if TYPE_CHECKING:
    from nrem_plan_tracker.verdicts.bodies import DissentBody, VerdictBody
    from nrem_shared.runtime.journal import Writing

#: Later than any period: everything accepted until now counts.
_ANY_PERIOD = "9999-Q4"


async def give(writing: Writing, plan_code: str, result_code: str, given: VerdictBody) -> VerdictGiven:
    """The verdict, from now on in force. Raises Refused."""
    plan, result = await _result(writing, plan_code, result_code)
    versions = await submissions.in_force(writing.conn, writing.now, _ANY_PERIOD)
    entries = await submissions.entries(writing.conn, "plan_progress", versions)
    refusals = check_verdict(
        result,
        given.verdict,
        given.evidence,
        {one.reference for one in versions},
        assessments_of(entries).get(result_code, {}),
    )
    invalid((*refusals, *await _meeting(writing, given.meeting)))
    verdict = VerdictGiven(
        plan=plan_code,
        result=result_code,
        verdict=given.verdict,
        text=given.text,
        evidence=given.evidence,
        meeting=given.meeting,
        given_at=writing.now,
        illustrative=plan.illustrative or any(one.illustrative for one in versions),
    )
    given_before = [
        one for one in await store.verdicts(writing.conn, plan_code, writing.now) if one.result == result_code
    ]
    if given_before and _same(given_before[-1], verdict, "given_at"):
        return given_before[-1]
    subject = f"verdict/{plan_code}/{result_code}"
    revision = await journal.revision_of(writing.conn, subject) + 1  # a redaction counts, too
    await store.save_verdict(writing.conn, verdict, revision)
    writing.record(Fact("nrem.verdict.given.v1", subject, revision, verdict))
    return verdict


async def dissent(
    writing: Writing, plan_code: str, result_code: str, institution: str, given: DissentBody
) -> DissentRecorded:
    """The dissent beside the verdict in force. Raises Refused where there is no verdict to dissent from."""
    await _result(writing, plan_code, result_code)
    refusals = list(await _meeting(writing, given.meeting))
    if institution not in await sources.institutions(writing.conn):
        refusals.append(Refusal("/institution", "unknown_institution", {"named": institution}))
    invalid(refusals)
    verdicts = [one for one in await store.verdicts(writing.conn, plan_code, writing.now) if one.result == result_code]
    if not verdicts:
        raise conflict("no_verdict_yet", named=result_code)
    recorded = DissentRecorded(
        plan=plan_code,
        result=result_code,
        institution=institution,
        text=given.text,
        meeting=given.meeting,
        recorded_on=writing.now,
        illustrative=verdicts[-1].illustrative,
    )
    said = [
        one
        for one in await store.dissents(writing.conn, plan_code, writing.now)
        if (one.result, one.institution) == (result_code, institution)
    ]
    if said and _same(said[-1], recorded, "recorded_on"):
        return said[-1]
    subject = f"dissent/{plan_code}/{result_code}/{institution}"
    revision = await journal.revision_of(writing.conn, subject) + 1
    await store.save_dissent(writing.conn, recorded, revision)
    writing.record(Fact("nrem.dissent.recorded.v1", subject, revision, recorded))
    return recorded


def _same(before: Contract, now: Contract, time: str) -> bool:
    """Whether the same is said again: that makes no new fact."""
    return before.model_dump(exclude={time}) == now.model_dump(exclude={time})


async def _result(writing: Writing, plan_code: str, result_code: str) -> tuple[PlanAdopted, PlanResult]:
    found = await plans.plan(writing.conn, plan_code)
    result = next((one for one in found[1].results if one.code == result_code), None) if found else None
    if found is None or result is None:
        raise unknown("no_such_result", named=f"{plan_code[:20]} {result_code[:20]}")
    return found[1], result


async def _meeting(writing: Writing, code: str | None) -> list[Refusal]:
    """A verdict may name the meeting it was given at, once that meeting has begun."""
    if code is None:
        return []
    held = await meetings.meeting(writing.conn, code)
    if held is None or held.meeting.state == "cancelled":
        return [Refusal("/meeting", "no_such_meeting", {"named": code})]
    if held.meeting.starts_at > writing.now:
        return [Refusal("/meeting", "not_begun", {"named": code})]
    return []
