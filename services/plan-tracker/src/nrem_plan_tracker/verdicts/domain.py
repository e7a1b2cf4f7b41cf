"""When a verdict may be given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from nrem_plan_tracker.progress.domain import Assessment
from nrem_plan_tracker.refusals import Refusal
from nrem_shared.contracts.plans import PlanResult, VerdictEvidence


def check_verdict(
    result: PlanResult,
    verdict: str,
    evidence: VerdictEvidence | None,
    accepted: Collection[str],
    assessments: Mapping[str, Assessment],
) -> tuple[Refusal, ...]:
    """Everything against a verdict on `result`. `accepted` names the versions in force (`2026-Q3/vp/1`).

    `completed` needs evidence in an accepted submission and a measure for every indicator.
    """
    return (
        *_evidence(evidence, accepted, assessments, needed=verdict == "completed"),
        *(_measures(result, assessments.values()) if verdict == "completed" else ()),
    )


def _evidence(
    evidence: VerdictEvidence | None,
    accepted: Collection[str],
    assessments: Mapping[str, Assessment],
    *,
    needed: bool,
) -> Iterator[Refusal]:
    if evidence is None:
        if needed:
            yield Refusal("/evidence", "evidence_missing")
        return
    if evidence.submission not in accepted:
        yield Refusal("/evidence/submission", "evidence_not_accepted", {"named": evidence.submission})
        return
    said = [one for one in assessments.values() if evidence.submission in one.references]
    if not said:
        yield Refusal("/evidence/submission", "evidence_elsewhere", {"named": evidence.submission})
    elif evidence.ref is not None:
        if not any(evidence.ref == each.ref for one in said for each in one.evidence):
            yield Refusal("/evidence/ref", "evidence_unknown", {"named": evidence.ref})
    elif needed and not any(one.evidence for one in said):
        yield Refusal("/evidence", "evidence_missing")


def _measures(result: PlanResult, assessments: Iterable[Assessment]) -> Iterator[Refusal]:
    measured = {each.indicator for one in assessments for each in one.measured}
    for indicator in result.indicators:
        if indicator.code not in measured:
            yield Refusal("/verdict", "measure_missing", {"named": indicator.code})
