"""What may be wrong with a member's self-assessment of the plan's results."""

from __future__ import annotations

import re
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

_FILE = re.compile(r"file:[0-9a-f-]{36}\Z")


def check_reference(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
    """A link, the name of a document, or a file that was sent: its id is nobody's number."""
    if not (isinstance(value, str) and _FILE.match(value)):
        text_of(LONGEST_REFERENCE)(found, at, value, catalogue)


def check_file_field(found: Findings, at: str, value: Any, catalogue: Catalogue) -> None:
    """What is told of a file. It is not looked at: what is known of the file takes its place."""


MEASURED = {"indicator": required(check_free_code), "to_date": required(check_yes_no_or_amount)}

EVIDENCE = {
    "title": required(check_localized),
    "kind": required(code_of("evidence_kind")),
    "ref": required(check_reference),
    "sha256": optional(check_file_field),
    "size": optional(check_file_field),
    "media_type": optional(check_file_field),
    "name": optional(check_file_field),
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
