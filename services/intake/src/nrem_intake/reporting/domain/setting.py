"""What the form of one member and period is made from, and the controls that its fields have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import combining, normalize

from nrem_intake.evidence.domain import Evidence
from nrem_intake.reporting.domain.controls import Control, Kind, Option
from nrem_intake.reporting.domain.entries import as_typed
from nrem_intake.reporting.domain.history import History
from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.labels import Labels, Text

_QUARTERS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Setting:
    """`owes` = who reports for the period themselves: nobody reports on their behalf. `language` orders long lists.

    `files` = reference → file that the member sent for the period; `file_megabytes` a file may have, 0 = none is taken.
    """

    period: str
    member: str
    catalogue: Catalogue
    labels: Labels
    history: History = field(default_factory=History)
    owes: frozenset[str] = frozenset()
    language: str = "lv"
    files: Mapping[str, Evidence] = field(default_factory=dict)
    file_megabytes: int = 0

    def options(self, list_name: str) -> tuple[Option, ...]:
        """The codes of a list that may be used in the period."""
        usable = self.catalogue.codes(list_name).usable
        return tuple((code, name) for code, name in self.labels.lists.get(list_name, {}).items() if code in usable)

    def by_name(self, options: Iterable[Option], first: tuple[str, ...] = ()) -> tuple[Option, ...]:
        """Options in the order of their names, apart from some that stand first."""
        given = tuple(options)
        leading = [option for code in first for option in given if option[0] == code]
        return (*leading, *sorted((o for o in given if o[0] not in first), key=lambda o: self._order(o[1])))

    def _order(self, name: Text) -> tuple[str, str]:
        """Letters with marks stand behind those without, not behind z."""
        text = (name if isinstance(name, str) else name.get(self.language, "")).casefold()
        return "".join(letter for letter in normalize("NFD", text) if not combining(letter)), text

    @property
    def results(self) -> tuple[Option, ...]:
        """Results of the plan in force."""
        return tuple((code, _numbered(code, name)) for code, name in self.labels.results.items())

    @property
    def projects(self) -> tuple[Option, ...]:
        """Joint projects, those that the member leads first."""
        found = sorted(self.catalogue.projects.values(), key=lambda each: (each.lead != self.member, each.code))
        return tuple((each.code, _numbered(each.code, self.labels.projects.get(each.code, ""))) for each in found)

    @property
    def coming(self) -> tuple[Option, ...]:
        """This quarter and the next ones."""
        year, quarter = int(self.period[:4]), int(self.period[-1]) - 1
        places = (quarter + ahead for ahead in range(_QUARTERS_AHEAD))
        codes = (f"{year + place // 4}-Q{place % 4 + 1}" for place in places)
        return tuple((code, code) for code in codes)

    @property
    def own_results(self) -> tuple[tuple[str, str | None], ...]:
        """(result, on behalf of) that the member answers for, or a body under it that does not report itself."""
        found: list[tuple[str, str | None]] = []
        for code in self.labels.results:
            bodies = self.catalogue.results[code].bodies if code in self.catalogue.results else frozenset()
            if self.member in bodies:
                found.append((code, None))
            found += [(code, body) for body in sorted(bodies - self.owes) if self._is_under(body)]
        return tuple(found)

    def _is_under(self, body: str) -> bool:
        institution = self.catalogue.institutions.get(body)
        return institution is not None and institution.parent == self.member


@dataclass(frozen=True, slots=True)
class Fields:
    """Makes the controls of one item: `at` is its pointer, `item` what the draft has."""

    at: str
    item: Mapping[str, Any]

    def control(self, name: str, kind: Kind, *, required: bool = False, hint: str | None = None) -> Control:
        """A field that is typed in, or ticked."""
        value = as_typed(self.item.get(name))
        return Control(f"{self.at}/{name}", f"report.field.{name}", kind, value, hint=hint, required=required)

    def choice(
        self,
        name: str,
        options: Iterable[Option],
        *,
        required: bool = False,
        hint: str | None = None,
        label: Text | None = None,
    ) -> Control:
        """One of several; what stands in the draft is offered even where it is no longer one of them."""
        value, offered = as_typed(self.item.get(name)), tuple(options)
        if value and value not in {code for code, _ in offered}:
            offered = (*offered, (value, value))
        label = label or f"report.field.{name}"
        return Control(f"{self.at}/{name}", label, "choice", value, offered, hint=hint, required=required)

    def bilingual(self, name: str, kind: Kind, *, required: bool = False) -> tuple[Control, Control]:
        """The same text in Latvian and in English."""
        given = self.item.get(name)
        texts = given if isinstance(given, Mapping) else {"lv": as_typed(given)}
        at = f"{self.at}/{name}"
        return (
            Control(f"{at}/lv", f"report.field.{name}.lv", kind, as_typed(texts.get("lv")), required=required),
            Control(f"{at}/en", f"report.field.{name}.en", kind, as_typed(texts.get("en"))),
        )

    def choices(self, name: str, options: Iterable[Option]) -> Control:
        """Any number of several; each keeps the place that it has in the draft."""
        given = self.item.get(name)
        chosen = [as_typed(code) for code in given] if isinstance(given, list | tuple) else []
        offered = tuple(options)
        offered = (*offered, *((code, code) for code in chosen if code not in {each for each, _ in offered}))
        at, places = f"{self.at}/{name}", {code: place for place, code in enumerate(chosen)}
        names = (f"{at}/{places.get(code, len(chosen) + n)}" for n, (code, _) in enumerate(offered))
        return Control(
            at, f"report.field.{name}", "choices", options=offered, names=tuple(names), chosen=frozenset(chosen)
        )

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """The rows that the draft has under a name."""
        given = self.item.get(name)
        return [row for row in given if isinstance(row, Mapping)] if isinstance(given, list | tuple) else []


def _numbered(code: str, name: Text) -> Text:
    if isinstance(name, str):
        return f"{code} {name}".strip()
    return {language: f"{code} {text}" for language, text in name.items()}
