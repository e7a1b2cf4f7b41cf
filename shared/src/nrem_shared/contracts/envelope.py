"""The envelope of every event: CloudEvents 1.0 in JSON structured mode, with the extensions of this platform.

Source: https://github.com/cloudevents/spec (v1.0.2). Extension names are lower-case as that specification asks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from nrem_shared.contracts.base import Contract


class Envelope(Contract):
    """One event as it stands on a topic; `data` is validated against the contract of its `type`."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(description="Unique per event; the same in every repetition of it")
    source: str = Field(description="The deciding service, such as `/intake`")
    type: str = Field(description="`nrem.<noun>.<past participle>.v<n>`")
    subject: str = Field(description="The stream, such as `submission/2026-Q3/vp`; also the record's key")
    time: datetime = Field(description="When the fact was journalled (the same as `recordedat`)")
    datacontenttype: Literal["application/json"] = "application/json"
    revision: int = Field(ge=1, description="Counts every change of the stream up by one")
    position: int = Field(ge=0, description="Place in the journal of the deciding service")
    prev: int = Field(ge=0, description="Position of the record before this one on the same topic-partition; 0 = none")
    recordedat: datetime = Field(description="Record time: never runs backwards within one journal")
    correlationid: str = Field(description="Ties together everything that one request brought about")
    causationid: str | None = Field(default=None, description="Id of the event or request that caused this one")
    actor: str = Field(description="Who decided: an institution's key, a person's session or a service")
    data: dict[str, Any] | None = Field(description="The state; null where the payload was redacted")
