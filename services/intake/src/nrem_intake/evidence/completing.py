"""What a report says of its files, completed with what is known of them: hash, size, type, name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from nrem_intake.evidence.domain import Evidence
from nrem_intake.submissions.domain.refusals import Findings, Refusal
from nrem_shared.contracts.submissions import SubmissionContent

_FILE = re.compile(r"file:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\Z")


def referred(document: Any) -> set[UUID]:
    """The files that a document refers to, whatever shape it has."""
    return {UUID(match[1]) for _, ref in _references(document) if (match := _FILE.match(ref))}


def _references(document: Any) -> Iterator[tuple[str, str]]:
    entries = document.get("plan_progress") if isinstance(document, dict) else None
    for place, entry in enumerate(entries if isinstance(entries, list) else ()):
        evidence = entry.get("evidence") if isinstance(entry, dict) else None
        for number, one in enumerate(evidence if isinstance(evidence, list) else ()):
            if isinstance(one, dict) and isinstance(one.get("ref"), str):
                yield f"/plan_progress/{place}/evidence/{number}", one["ref"]


def completed(
    content: SubmissionContent, member: str, files: Mapping[tuple[str, str], Evidence]
) -> SubmissionContent | tuple[Refusal, ...]:
    """The content with what is known of each file, or why it is refused: `unknown_file`.

    What the sender said of a file's hash, size, type and name is of no account.
    """
    if not any(entry.evidence for entry in content.plan_progress):
        return content
    found = Findings()
    progress = []
    for place, entry in enumerate(content.plan_progress):
        shown = []
        for number, one in enumerate(entry.evidence):
            known = files.get((member, one.ref)) if _FILE.match(one.ref) else None
            if _FILE.match(one.ref) and known is None:
                found.add(f"/plan_progress/{place}/evidence/{number}/ref", "unknown_file")
            shown.append(one.model_copy(update=_told(known)))
        progress.append(entry.model_copy(update={"evidence": tuple(shown)}))
    return found.sorted() if found else content.model_copy(update={"plan_progress": tuple(progress)})


def _told(file: Evidence | None) -> dict[str, Any]:
    names = ("sha256", "size", "media_type", "name")
    return {name: getattr(file, name) if file else None for name in names}
