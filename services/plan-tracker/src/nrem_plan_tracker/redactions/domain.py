"""Which texts in minutes and agendas are no longer what the member says. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nrem_shared.runtime.journal.redacting import MARKS

#: Kind of a minuted item → the section that it comes from; every other kind is an activity's type.
_SECTIONS = {"challenge": "challenges", "challenge_ended": "challenges", "future_plan": "future_plans"}

Said = tuple[str | None, str | None]


class Standing:
    """What members say now, in any version: by member, section and code."""

    def __init__(self, items: Iterable[tuple[str, str, str, Mapping[str, Any]]]) -> None:
        self._said: dict[tuple[str, str, str], set[Said]] = defaultdict(set)
        self._owners: dict[str, set[str]] = defaultdict(set)
        self._marked: set[tuple[str, str]] = set()
        for member, section, code, item in items:
            text = item.get("title" if section == "activities" else "text")
            self._said[(member, section, code)].add(_said(text or {}))
            if code.startswith("dzests-"):
                self._marked.add((member, section))
            if section == "challenges":
                self._owners[code].add(member)

    def gone(self, member: str, section: str, code: str, text: Mapping[str, Any]) -> bool:
        """Whether the member said this once and had it redacted."""
        stands = self._said.get((member, section, code))
        if stands is None:
            return (member, section) in self._marked
        redacted = any(MARKS["lv"] in said or MARKS["en"] in said for said in stands)
        return redacted and _said(text) not in stands

    def challenge_gone(self, member: str, code: str, text: Mapping[str, Any]) -> bool:
        """The same of a challenge on an agenda, which does not say whose it is."""
        owners = self._owners.get(code)
        return self.gone(member, "challenges", code, text) if owners is None or member in owners else False


def in_minutes(document: Mapping[str, Any], member: str, standing: Standing) -> Iterator[str]:
    """Texts of a minutes' document that the member had redacted."""
    for report in document.get("reports", ()):
        for item in report["items"] if report["member"] == member else ():
            if standing.gone(member, _SECTIONS.get(item["kind"], "activities"), item["code"], item["text"]):
                yield from _texts(item["text"])
    yield from in_agenda(document.get("agenda", ()), member, standing)


def in_agenda(agenda: Iterable[Mapping[str, Any]], member: str, standing: Standing) -> Iterator[str]:
    """Texts of an agenda that the member had redacted: challenges are put on it in their own words."""
    for item in agenda:
        if item.get("challenge") and standing.challenge_gone(member, item["challenge"], item["text"]):
            yield from _texts(item["text"])


def _texts(text: Mapping[str, Any]) -> Iterator[str]:
    marks = set(MARKS.values())
    yield from (each for each in text.values() if each and each not in marks)


def _said(text: Mapping[str, Any]) -> Said:
    return text.get("lv"), text.get("en")
