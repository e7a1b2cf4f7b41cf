"""Which reasons that a release quotes are no longer what the member says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nrem_shared.runtime.journal.redacting import MARKS

Said = tuple[str | None, str | None]


def gone(corrections: Iterable[Mapping[str, Any]], member: str, standing: Iterable[Mapping[str, Any]]) -> set[str]:
    """Texts of the member's reasons in a release that no version holds any more, where one of them was redacted."""
    stand = {_said(reason) for reason in standing}
    if not any(MARKS["lv"] in said or MARKS["en"] in said for said in stand):
        return set()
    quoted = {_said(one["reason"]) for one in corrections if one["member"] == member and one.get("reason")}
    kept = {text for said in stand for text in said if text}
    return {text for said in quoted - stand for text in said if text} - kept


def _said(reason: Mapping[str, Any]) -> Said:
    return reason.get("lv"), reason.get("en")
