"""The base of every contract model and the words they share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

#: A reporting period: a quarter of a year, such as `2026-Q3`.
PERIOD_PATTERN = r"^\d{4}-Q[1-4]$"

PeriodCode = Annotated[str, StringConstraints(pattern=PERIOD_PATTERN)]

#: Code of an institution, such as `vp` (State Police); lower-case ASCII.
InstitutionCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,15}$")]


class Contract(BaseModel):
    """Immutable; unknown fields of a later release are ignored, so that an older consumer keeps working."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="iso8601")


class LocalizedText(Contract):
    """A text in both working languages; Latvian is the official one, English may be missing in free text."""

    lv: Annotated[str, Field(min_length=1, max_length=4000)]
    en: Annotated[str, Field(max_length=4000)] | None = None

    @classmethod
    def written(cls, text: str, language: str) -> LocalizedText:
        """What somebody wrote in one language only; in English it stands in both places, for there is no other."""
        return cls(lv=text, en=text if language == "en" else None)

    def in_language(self, language: str) -> str:
        """The text in `language` (`lv` or `en`), else in Latvian."""
        return (self.en or self.lv) if language == "en" else self.lv
