"""The format of `data/demo/submissions-*.yaml`: one quarter's submissions with their times and decisions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from nrem_embedded.documents import BadDocument, Document, escaped, read_document
from nrem_shared.contracts.base import InstitutionCode, LocalizedText, PeriodCode
from nrem_shared.contracts.submissions import SECTIONS


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reason(_Part):
    """Why something was returned: `at` points into the submission."""

    at: str
    text: LocalizedText


class Decision(_Part):
    """What the coordinator decided about one version, and when."""

    outcome: Literal["accepted", "returned"]
    at: AwareDatetime
    due: date | None = None
    reasons: tuple[Reason, ...] = ()

    @model_validator(mode="after")
    def _reasons_for_returns(self) -> Decision:
        if self.outcome == "returned" and not self.reasons:
            raise ValueError("a return needs reasons")
        return self


class _Version(_Part):
    id: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,100}$")]
    member: InstitutionCode
    version: Annotated[int, Field(ge=1)]
    submitted_at: AwareDatetime
    decision: Decision | None

    @model_validator(mode="after")
    def _decided_afterwards(self) -> _Version:
        if self.decision is not None and self.decision.at < self.submitted_at:
            raise ValueError("it is decided before it is submitted")
        return self


class Submitted(_Version):
    """A first version or a resubmission; the content is sent as it stands, the service checks it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    @property
    def content(self) -> dict[str, Any]:
        """The fields that make up a submission's content."""
        given = self.__pydantic_extra__ or {}
        return {name: given[name] for name in ("nothing_to_report", *SECTIONS) if name in given}


class Corrected(_Version):
    """A correction of an earlier quarter's accepted submission."""

    period: PeriodCode
    items: Annotated[tuple[dict[str, Any], ...], Field(min_length=1)]


class QuarterFile(_Part):
    """One file. `expected` is what a correct service answers; see `nrem_embedded.checking`."""

    period: PeriodCode
    due: date
    group: str
    illustrative: bool
    traps: tuple[dict[str, Any], ...] = ()
    submissions: tuple[Submitted, ...]
    corrections: tuple[Corrected, ...] = ()
    expected: dict[str, Any] | None = None


def read_quarter(path: Path) -> tuple[QuarterFile, Document]:
    """Read and check a quarter file. Raises BadDocument with every fault and its line."""
    document = read_document(path)
    try:
        quarter = QuarterFile.model_validate(document.content)
    except ValidationError as error:
        faults = [
            document.fault("".join("/" + escaped(part) for part in each["loc"]), _reason(each["msg"], each["loc"]))
            for each in error.errors()
        ]
        raise BadDocument(*faults) from error
    if repeated := list(_repeated(quarter)):
        raise BadDocument(
            *(document.fault(pointer, f"{twice} stands in the file twice") for pointer, twice in repeated)
        )
    return quarter, document


def _reason(message: str, location: tuple[int | str, ...]) -> str:
    name = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
    return f"{name}: {message.removeprefix('Value error, ')}" if name else message


def _repeated(quarter: QuarterFile) -> list[tuple[str, str]]:
    seen: set[str] = set()
    found = []
    parts = (("submissions", quarter.submissions), ("corrections", quarter.corrections))
    for section, versions in parts:
        for place, version in enumerate(versions):
            if version.id in seen:
                found.append((f"/{section}/{place}/id", version.id))
            seen.add(version.id)
    return found


def quarter_paths(data: Path) -> list[Path]:
    """The demonstration's quarters in order of time."""
    return sorted((data / "demo").glob("submissions-*.yaml"))
