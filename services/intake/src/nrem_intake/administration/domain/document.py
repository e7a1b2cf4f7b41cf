"""All that is administered, in one document: read from YAML with every error at once, written so that it reads back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, StringConstraints, ValidationError

from nrem_intake.members.domain import check_register
from nrem_intake.periods.domain import last_day
from nrem_intake.reference.domain import check_reference
from nrem_shared.contracts.base import Contract, InstitutionCode, PeriodCode
from nrem_shared.contracts.members import ContactRole, InstitutionRegistered
from nrem_shared.contracts.reference import CodeList, Indicator, Project
from nrem_shared.runtime.plain_yaml import PlainDumper
from nrem_shared.runtime.problems import pointer

#: What an address has to look like; the mail server has the last word.
ADDRESS = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


class ContactEntry(Contract):
    """Whom to write to in one role of one institution."""

    member: InstitutionCode
    role: ContactRole
    address: Annotated[str, StringConstraints(pattern=ADDRESS, max_length=254)]
    language: Literal["lv", "en"] = "lv"
    illustrative: bool = False


class PeriodEntry(Contract):
    """A period as it was opened. What became of it (submissions, closing) is no administration and not in here."""

    code: PeriodCode
    group: Annotated[str, Field(min_length=1, max_length=64)]
    due: date
    owes: Annotated[tuple[InstitutionCode, ...], Field(min_length=1)]
    illustrative: bool = False


class Document(Contract):
    """Everything administered. Keys are not in it: their secrets are kept nowhere."""

    format: Literal["nrem-administration/1"] = "nrem-administration/1"
    institutions: tuple[InstitutionRegistered, ...] = ()
    contacts: tuple[ContactEntry, ...] = ()
    codelists: tuple[CodeList, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    projects: tuple[Project, ...] = ()
    periods: tuple[PeriodEntry, ...] = ()

    @property
    def reference(self) -> tuple[CodeList | Indicator | Project, ...]:
        """All reference data."""
        return (*self.codelists, *self.indicators, *self.projects)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a document: where (JSON pointer); the message `administration.fault_<code>` tells what."""

    at: str
    code: str
    value: str = ""


class Faulty(Exception):
    """A document is refused; everything wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} faults")


def read(raw: Any) -> Document:
    """The document that parsed YAML or JSON holds. Raises Faulty (`no_document`, `missing`, `malformed`, `unknown`)."""
    if not isinstance(raw, dict) or raw.get("format") != "nrem-administration/1":
        raise Faulty([Fault("", "no_document")])
    try:
        document = Document.model_validate(raw)
    except ValidationError as error:
        raise Faulty([_fault(each) for each in error.errors()]) from error
    if faults := _unknown(raw, document.model_dump(mode="json"), ()):
        raise Faulty(faults)
    return document


def _fault(error: Any) -> Fault:
    return Fault(pointer(error["loc"]), "missing" if error["type"] == "missing" else "malformed")


def _unknown(given: Any, known: Any, at: tuple[str | int, ...]) -> list[Fault]:
    """Fields that nobody reads: probably misspelt."""
    if isinstance(given, Mapping) and isinstance(known, Mapping):
        strange = [Fault(pointer((*at, str(name))), "unknown") for name in given if name not in known]
        return strange + [f for name in given if name in known for f in _unknown(given[name], known[name], (*at, name))]
    if isinstance(given, list) and isinstance(known, list):
        pairs = enumerate(zip(given, known, strict=False))
        return [fault for place, (one, other) in pairs for fault in _unknown(one, other, (*at, place))]
    return []


def check(document: Document, present: Document) -> tuple[Fault, ...]:
    """Everything wrong with a document that is about to be taken over on top of what there is."""
    before = {item.code: item for item in present.institutions}
    faults = [Fault(f"/institutions{e.pointer}", e.code) for e in check_register(document.institutions, before)]
    for name in ("codelists", "indicators", "projects"):
        faults += [Fault(f"/{name}{e.pointer}", e.code) for e in check_reference(getattr(document, name))]
    institutions = before.keys() | {item.code for item in document.institutions}
    return (*faults, *_contacts(document, institutions), *_periods(document, present, institutions))


def _contacts(document: Document, institutions: set[str]) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    for place, contact in enumerate(document.contacts):
        if contact.member not in institutions:
            faults.append(Fault(f"/contacts/{place}/member", "unknown_code", contact.member))
        if (contact.member, contact.role) in seen:
            faults.append(Fault(f"/contacts/{place}/role", "duplicate"))
        seen.add((contact.member, contact.role))
    return faults


def _periods(document: Document, present: Document, institutions: set[str]) -> list[Fault]:
    faults: list[Fault] = []
    opened = {period.code: period for period in present.periods}
    seen: set[str] = set()
    for place, period in enumerate(document.periods):
        at = f"/periods/{place}"
        if period.code in seen:
            faults.append(Fault(f"{at}/code", "duplicate"))
        seen.add(period.code)
        if period.due <= last_day(period.code):
            faults.append(Fault(f"{at}/due", "before_end", period.code))
        if opened.get(period.code, period) != period:
            faults.append(Fault(at, "period_opened", period.code))
        faults += [
            Fault(f"{at}/owes/{n}", "unknown_code", code)
            for n, code in enumerate(period.owes)
            if code not in institutions
        ]
    return faults


def written(document: Document) -> str:
    """The document as YAML; `read` of it gives the same document."""
    data = document.model_dump(mode="json")
    return yaml.dump(data, Dumper=PlainDumper, allow_unicode=True, sort_keys=False, width=110)
