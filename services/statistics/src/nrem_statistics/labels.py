"""Words for codes: from the reference data and the institutions held here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import CodeList
from nrem_shared.web.figures import Text
from nrem_statistics.quarters.indicators import ORGANISATION, Reference
from nrem_statistics.sources.store import InstitutionRow


def text_of(text: LocalizedText) -> dict[str, str]:
    """A text of the contracts as templates take it."""
    return {"lv": text.lv, "en": text.en or text.lv}


@dataclass(frozen=True)
class Labels:
    """The words for codes, from the reference data and the institutions held; a code without words stays itself."""

    reference: Reference
    institutions: Mapping[str, InstitutionRow]

    def code(self, code_list: str, code: str) -> Text:
        """The label of a code."""
        entries = self.reference.code_lists.get(code_list)
        for entry in entries.codes if entries else ():
            if entry.code == code:
                return text_of(entry.label)
        return code

    def member(self, code: str) -> Text:
        """The name of an institution."""
        known = self.institutions.get(code)
        return text_of(known.name) if known else code

    def indicator(self, code: str) -> Text:
        """The title of an indicator."""
        known = self.reference.indicators.get(code)
        return text_of(known.title) if known else code

    def text(self, text: LocalizedText) -> Text:
        """A text that somebody submitted, in both languages."""
        return text_of(text)

    def code_list(self, code: str) -> Text:
        """The title of a code list."""
        known: CodeList | None = self.reference.code_lists.get(code)
        return text_of(known.title) if known else code

    def of_dimension(self, indicator: str, dimension: str, code: str) -> Text:
        """The label of a code of an indicator's dimension, of a derived group or of the reporting member."""
        if dimension == ORGANISATION:
            return self.member(code)
        known = self.reference.indicators.get(indicator)
        return self.code(known.list_of(dimension) if known else dimension, code)
