"""What may be wrong with a member's self-assessment of the plan's results."""

from __future__ import annotations

from typing import Any

from nrem_intake.submissions.domain.catalogue import Catalogue, ResultRule
from nrem_intake.submissions.domain.fields import (
    check_free_code,
    check_institution,
    check_localized,
    check_result,
    check_yes_no_or_amount,
    code_of,
    flag,
    items_of,
    list_of,
    optional,
    required,
    string,
    text_of,
)
from nrem_intake.submissions.domain.refusals import Findings

MOST_PROGRESS = 200
LONGEST_REFERENCE = 500

COMPLETED = "completed"

MEASURED = {"indicator": required(check_free_code), "to_date": required(check_yes_no_or_amount)}

EVIDENCE = {
    "title": required(check_localized),
    "kind": required(code_of("evidence_kind")),
    "ref": required(text_of(LONGEST_REFERENCE)),
}

PROGRESS = {
    "result": required(check_result),
    "status": required(code_of("action_status")),
    "delayed": flag(),
    "text": required(check_localized),
    "measured": list_of(items_of(MEASURED), 50),
    "evidence": list_of(items_of(EVIDENCE), 50),
    "on_behalf_of": optional(check_institution),
}


def check_progress(found: Findings, at: str, item: dict[str, Any], member: str, catalogue: Catalogue) -> None:
    """Who may report on the result, which of its indicators are measured, and that *completed* is shown."""
    rule = catalogue.results.get(string(item.get("result")) or "")
    if rule is None:
        return
    _check_responsible(found, at, item, rule, member, catalogue)
    measured = _measured(found, at, item, rule)
    if item.get("status") == COMPLETED and not (item.get("evidence") and measured == rule.indicators):
        found.add(f"{at}/evidence", "evidence_required", indicators=", ".join(sorted(rule.indicators - measured)))


def _check_responsible(
    found: Findings, at: str, item: dict[str, Any], rule: ResultRule, member: str, catalogue: Catalogue
) -> None:
    """A responsible or co-responsible body reports, or the parent of one on its behalf."""
    behalf = item.get("on_behalf_of")
    if behalf is not None and string(behalf) not in catalogue.institutions:
        return
    body = catalogue.institutions.get(str(behalf)) if behalf else None
    if (behalf or member) not in rule.bodies or (body is not None and body.parent != member):
        found.add(f"{at}/result", "not_responsible", result=str(item["result"]))


def _measured(found: Findings, at: str, item: dict[str, Any], rule: ResultRule) -> frozenset[str]:
    rows = item.get("measured")
    measured = set()
    for place, row in enumerate(rows if isinstance(rows, list) else ()):
        code = string(row.get("indicator")) if isinstance(row, dict) else None
        if code is None:
            continue
        if code in rule.indicators:
            measured.add(code)
        else:
            found.add(f"{at}/measured/{place}/indicator", "unknown_code", value=code, list="plan_indicator")
    return frozenset(measured)
