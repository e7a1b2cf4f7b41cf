"""What the coordinator and a member ask and answer about a submission. Stream `discussion/<period>/<member>`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from nrem_shared.contracts.base import Contract, InstitutionCode, LocalizedText, PeriodCode

#: Who speaks: the ministry, or the institution that reports.
Side = Literal["coordinator", "member"]


class RemarkMade(Contract):
    """A question or an answer about one item; both sides read it.

    `at` is a JSON pointer into the content of `version`; `item` names the same item in every version, whatever its
    place there (`observations/VICT_REFERRED/age_group=ADULT|sex=F`); empty = about the submission as a whole.
    """

    period: PeriodCode
    member: InstitutionCode
    version: Annotated[int, Field(ge=1)]
    at: Annotated[str, StringConstraints(pattern=r"^(/.*)?$", max_length=300)]
    item: Annotated[str, Field(max_length=600)]
    text: LocalizedText
    side: Side
    by: Annotated[str, Field(max_length=200, description="Who speaks, as pages show it")]
    illustrative: bool = False
