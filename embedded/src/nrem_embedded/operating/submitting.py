"""Submitting a file: YAML and JSON as they are, a workbook by what the platform reads in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from nrem_embedded.documents import BadDocument, Document, Fault, read_document
from nrem_embedded.institutions import ApiError, Institutions

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: As much as the platform takes of one workbook.
LARGEST_WORKBOOK = 4 * 1024 * 1024

_PERIOD = re.compile(r"^\d{4}-Q[1-4]$")
_MEMBER = re.compile(r"^[a-z][a-z0-9_]{0,15}$")
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Report:
    """What is to be submitted, and where each part of it stands in its file."""

    path: Path
    period: str
    member: str
    content: dict[str, Any]
    document: Document | None = None
    cells: Mapping[str, str] = field(default_factory=dict)

    def fault(self, pointer: str, reason: str) -> Fault:
        """An error at its line, or at its cell."""
        if self.document is not None:
            return self.document.fault(pointer if pointer.startswith("/") else "", f"{pointer}: {reason}")
        return cell_fault(self.path, self.cells, pointer, reason)


def cell_fault(path: Path, cells: Mapping[str, str], pointer: str, reason: str) -> Fault:
    """An error at the cell of what a pointer names, or of the nearest part around it."""
    at = pointer
    while at and at not in cells:
        at = at.rpartition("/")[0]
    return Fault(path, 0, f"{cells.get(at, pointer)}: {reason}")


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, by its content, whatever it is called. Raises BadDocument."""
    try:
        with path.open("rb") as opened:
            return opened.read(4) == _ZIP
    except OSError as error:
        raise BadDocument(Fault(path, 0, (error.strerror or str(error)).lower())) from error


def raw_workbook(path: Path) -> bytes:
    """Its bytes. Raises BadDocument where it is larger than the platform takes."""
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise BadDocument(Fault(path, 0, f"the workbook is larger than {LARGEST_WORKBOOK // 1024 // 1024} MB"))
    return path.read_bytes()


def read_report(path: Path, period: str | None, member: str | None) -> Report:
    """A YAML or JSON file; period and member where they are given, else as it says. Raises BadDocument."""
    document = read_document(path)
    if not isinstance(document.content, dict):
        raise BadDocument(document.fault("", "this is no submission: it must have fields such as `observations`"))
    period = _named(document, "period", period, _PERIOD, "a quarter such as 2026-Q3")
    member = _named(document, "member", member, _MEMBER, "an institution's code such as vp")
    content = {name: value for name, value in document.content.items() if name not in ("period", "member")}
    return Report(path, period, member, content, document)


async def read_workbook(
    institutions: Institutions, who: str, path: Path, period: str | None, member: str | None
) -> Report:
    """What a workbook says, as the platform reads it. Raises BadDocument with every cell that is wrong."""
    response = await institutions.ask(
        who, "POST", "/intake/api/workbooks", content=raw_workbook(path), headers={"content-type": WORKBOOK}
    )
    if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        raise BadDocument(Fault(path, 0, ApiError(response).problem.get("detail") or "it cannot be read"))
    if not response.is_success:
        raise ApiError(response)
    said = response.json()
    for name, given in (("period", period), ("member", member)):
        if given is not None and said[name] != given:
            raise BadDocument(Fault(path, 0, f"the workbook is for {name} {said[name]}, not for {given}"))
    if said["errors"]:
        raise BadDocument(*(Fault(path, 0, f"{each['cell']}: {reason_of(each)}") for each in said["errors"]))
    return Report(path, said["period"], said["member"], said["content"], cells=said["cells"])


async def send(institutions: Institutions, report: Report, *, dry_run: bool) -> dict[str, Any]:
    """Submit it, or only ask whether it would be taken. Raises BadDocument with the place of each error, ApiError."""
    member, path = report.member, f"/intake/api/periods/{report.period}/submissions/{report.member}"
    if dry_run:
        asked = f"/intake/api/validate/{report.period}/{member}"
        response = await institutions.ask(member, "POST", asked, json=report.content)
    else:
        before = await institutions.ask(member, "GET", path)
        seen = {"if-match": before.headers["etag"]} if before.is_success else {}
        headers = {"idempotency-key": f"nrem-submit/{uuid4()}", **seen}
        response = await institutions.ask(member, "POST", path, json=report.content, headers=headers)
    if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        faults = [report.fault(each["pointer"], reason_of(each)) for each in response.json().get("errors", ())]
        if faults:
            raise BadDocument(*sorted(faults, key=lambda fault: fault.line))
    if not response.is_success:
        raise ApiError(response)
    answer: dict[str, Any] = response.json()
    return answer


def warnings_of(report: Report, answer: Mapping[str, Any]) -> list[Fault]:
    """What a dry run found worth looking at, each at its line or cell; it keeps nothing from being submitted."""
    told = [report.fault(each["pointer"], f"{each['text']} [{each['code']}]") for each in answer.get("warnings", ())]
    return sorted(told, key=lambda fault: fault.line)


def reason_of(error: Mapping[str, Any]) -> str:
    """What is wrong, what to do, and the code of the reason."""
    hint = f" ({error['hint']})" if error.get("hint") else ""
    return f"{error['detail']}{hint} [{error['code']}]"


def _named(document: Document, name: str, given: str | None, pattern: re.Pattern[str], what: str) -> str:
    value = given if given is not None else document.content.get(name)
    if value is None:
        raise BadDocument(document.fault("", f"`{name}` is missing: put it into the file, or give --{name}"))
    if not isinstance(value, str) or not pattern.match(value):
        raise BadDocument(document.fault(f"/{name}", f"`{name}` is {value!r}; it must be {what}"))
    return value
