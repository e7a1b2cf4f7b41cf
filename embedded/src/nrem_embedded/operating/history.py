"""Quarters from before the platform was used: files of one or several, and the one request that brings them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from nrem_embedded.documents import BadDocument, Document, Fault, read_document
from nrem_embedded.institutions import ApiError, Institutions
from nrem_embedded.operating.submitting import WORKBOOK, cell_fault, is_workbook, raw_workbook, reason_of

#: Who brings earlier quarters in.
COORDINATOR = "coordinator"

#: What an error is about → the fault in its file.
Locate = Callable[[str, str], Fault]


@dataclass
class Submission:
    """One submission of an earlier quarter, and where its parts stand."""

    member: str
    content: dict[str, Any]
    locate: Locate


@dataclass
class Quarter:
    """One earlier quarter; `due` is null where the file does not say."""

    period: str
    due: str | None
    locate: Locate
    submissions: list[Submission] = field(default_factory=list)


@dataclass
class History:
    """Everything to bring in."""

    group: str = ""
    illustrative: bool = False
    quarters: list[Quarter] = field(default_factory=list)

    def body(self) -> dict[str, Any]:
        """The request."""
        return {
            "group": self.group,
            "illustrative": self.illustrative,
            "periods": [
                {
                    "period": quarter.period,
                    **({"due": quarter.due} if quarter.due else {}),
                    "submissions": [{"member": each.member, **each.content} for each in quarter.submissions],
                }
                for quarter in self.quarters
            ],
        }

    def fault(self, pointer: str, reason: str) -> Fault:
        """An error of the request at its place in the file."""
        parts = pointer.split("/")
        if parts[1:2] != ["periods"] or len(parts) < 3 or not parts[2].isdecimal():
            return Fault(Path("--group") if parts[1:2] == ["group"] else Path(), 0, reason)
        quarter = self.quarters[int(parts[2])]
        if parts[3:4] == ["submissions"] and len(parts) > 4 and parts[4].isdecimal():
            inside = "".join(f"/{part}" for part in parts[5:])
            return quarter.submissions[int(parts[4])].locate(inside, reason)
        return quarter.locate("".join(f"/{part}" for part in parts[3:]), reason)


async def read_history(institutions: Institutions, files: Iterable[Path]) -> History:
    """All files together. Raises BadDocument with every fault found in any of them."""
    history = History()
    faults: list[Fault] = []
    for path in files:
        try:
            if is_workbook(path):
                history.quarters += await _of_workbook(institutions, path)
            else:
                _of_document(history, read_document(path))
        except BadDocument as error:
            faults += error.faults
    if faults:
        raise BadDocument(*faults)
    history.quarters = _together(history.quarters)
    return history


def _together(quarters: Sequence[Quarter]) -> list[Quarter]:
    """Quarters that several files speak of become one."""
    found: dict[str, Quarter] = {}
    for quarter in quarters:
        known = found.setdefault(quarter.period, quarter)
        if known is not quarter:
            known.due = known.due or quarter.due
            known.submissions += quarter.submissions
    return [found[period] for period in sorted(found)]


def _of_document(history: History, document: Document) -> None:
    """A YAML or JSON file: `periods` with their submissions, or one quarter as in data/demo."""
    content = document.content
    if not isinstance(content, dict):
        raise BadDocument(document.fault("", "it must have `periods`, or be one quarter with `period`"))
    history.group = history.group or str(content.get("group") or "")
    history.illustrative = history.illustrative or content.get("illustrative") is True
    listed = "periods" in content
    periods = content["periods"] if listed else [content]
    if not isinstance(periods, list):
        raise BadDocument(document.fault("/periods", "`periods` must be a list"))
    faults: list[Fault] = []
    for place, period in enumerate(periods):
        at = f"/periods/{place}" if listed else ""
        if not isinstance(period, dict) or not isinstance(period.get("period"), str):
            faults.append(document.fault(at, "`period` is missing: a quarter such as 2025-Q4"))
            continue
        history.quarters.append(_quarter(document, at, period, faults))
    if faults:
        raise BadDocument(*faults)


def _quarter(document: Document, at: str, period: dict[str, Any], faults: list[Fault]) -> Quarter:
    quarter = Quarter(period["period"], period.get("due"), _in_document(document, at))
    submissions = period.get("submissions")
    if not isinstance(submissions, list):
        faults.append(document.fault(at, f"{quarter.period}: `submissions` is missing: a list"))
        return quarter
    for place, submission in enumerate(submissions):
        here = f"{at}/submissions/{place}"
        if not isinstance(submission, dict) or not isinstance(submission.get("member"), str):
            faults.append(document.fault(here, "`member` is missing: an institution's code such as vp"))
            continue
        content = {name: value for name, value in submission.items() if name not in ("member", "period")}
        quarter.submissions.append(Submission(submission["member"], content, _in_document(document, here)))
    return quarter


def _in_document(document: Document, at: str) -> Locate:
    return lambda pointer, reason: document.fault(at + pointer, f"{at + pointer}: {reason}")


async def _of_workbook(institutions: Institutions, path: Path) -> list[Quarter]:
    """A workbook in which each row names quarter and institution."""
    response = await institutions.ask(
        COORDINATOR, "POST", "/intake/api/workbooks/history", content=raw_workbook(path),
        headers={"content-type": WORKBOOK},
    )  # fmt: skip
    if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        raise BadDocument(Fault(path, 0, ApiError(response).problem.get("detail") or "it cannot be read"))
    if not response.is_success:
        raise ApiError(response)
    said = response.json()["submissions"]
    wrong = [Fault(path, 0, f"{each['cell']}: {reason_of(each)}") for one in said for each in one["errors"]]
    if wrong:
        raise BadDocument(*wrong)
    quarters: dict[str, Quarter] = {}
    for one in said:
        locate = _in_cells(path, one["cells"])
        quarter = quarters.setdefault(one["period"], Quarter(one["period"], None, locate))
        quarter.submissions.append(Submission(one["member"], one["content"], locate))
    return list(quarters.values())


def _in_cells(path: Path, cells: Mapping[str, str]) -> Locate:
    return lambda pointer, reason: cell_fault(path, cells, pointer, reason)


async def bring_in(institutions: Institutions, history: History, *, dry_run: bool) -> dict[str, Any]:
    """Send it, all or nothing. Raises BadDocument with the place of each error, ApiError."""
    body = history.body()
    headers = {} if dry_run else {"idempotency-key": f"nrem-import/{uuid4()}"}
    path = f"/intake/api/imports{'?dry_run=true' if dry_run else ''}"
    response = await institutions.ask(COORDINATOR, "POST", path, json=body, headers=headers)
    if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY and response.json().get("errors"):
        raise BadDocument(*(history.fault(each["pointer"], reason_of(each)) for each in response.json()["errors"]))
    if not response.is_success:
        raise ApiError(response)
    answer: dict[str, Any] = response.json()
    return answer
