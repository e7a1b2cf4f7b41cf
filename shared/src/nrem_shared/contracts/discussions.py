"""What the coordinator and a member ask and answer about a submission.

Streams: `discussion/<period>/<member>` with the texts, which stay with the service that decides them;
`remark/<period>/<member>` says that something was said, so that the other side hears of it.
"""

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


class RemarkAnnounced(Contract):
    """Something was said about a submission: who has to look, and where. Never what was said.

    `number` counts the remarks about the submission from 1; `thread` is the number of the first remark about the same
    item. `side` said it: the other one is told. `version` and `at` are the place, as in the remark itself.
    """

    period: PeriodCode
    member: InstitutionCode
    number: Annotated[int, Field(ge=1)]
    thread: Annotated[int, Field(ge=1)]
    version: Annotated[int, Field(ge=1)]
    at: Annotated[str, StringConstraints(pattern=r"^(/.*)?$", max_length=300)]
    side: Side
    illustrative: bool = False
