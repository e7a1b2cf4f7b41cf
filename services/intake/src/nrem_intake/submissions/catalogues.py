"""Catalogues of this process: read once per version of the reference data, then only looked up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from nrem_intake.submissions import store
from nrem_intake.submissions.domain.catalogue import Catalogue, build_catalogue, first_day, last_day
from nrem_intake.submissions.domain.labels import Labels, build_labels
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.plans import PlanResult
from nrem_shared.contracts.reference import CodeList, Indicator, Project
from nrem_shared.runtime.working_days import WorkingDays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.service import Runtime


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds for a period: what may be reported, how it is called, and which days are working days."""

    catalogue: Catalogue
    calendar: WorkingDays
    labels: Labels


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """The results of a plan, and from when to when it is in force."""

    valid_from: date
    valid_to: date
    results: tuple[PlanResult, ...]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Days between which the same things are valid."""

    begins: frozenset[date] = frozenset()
    ends: frozenset[date] = frozenset()

    def between(self, period: str) -> tuple[frozenset[date], frozenset[date]]:
        """Equal for two periods exactly where the same things are valid in both."""
        first, last = first_day(period), last_day(period)
        return frozenset(d for d in self.begins if d <= last), frozenset(d for d in self.ends if d < first)


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything that submissions may refer to, whatever the period."""

    codelists: Sequence[CodeList]
    indicators: Sequence[Indicator]
    projects: Sequence[Project]
    institutions: Sequence[InstitutionRegistered]
    plans: Sequence[PlanInForce]

    def results(self, period: str) -> tuple[PlanResult, ...]:
        """Those of the plan in force in a period; of several the newest."""
        first, last = first_day(period), last_day(period)
        found = [plan for plan in self.plans if plan.valid_from <= last and plan.valid_to >= first]
        return max(found, key=lambda plan: plan.valid_from).results if found else ()

    def boundaries(self) -> Boundaries:
        """The days on which something becomes valid, or ceases to be."""
        codes = [entry for each in self.codelists for entry in each.codes]
        begins = [*(c.valid_from for c in codes), *(i.valid_from for i in self.indicators)]
        ends = [*(c.valid_to for c in codes), *(i.valid_to for i in self.indicators)]
        return Boundaries(
            begins=frozenset(day for day in (*begins, *(p.valid_from for p in self.plans)) if day),
            ends=frozenset(day for day in (*ends, *(p.valid_to for p in self.plans)) if day),
        )

    def in_force(self, period: str) -> InForce:
        """What holds for a period."""
        results = self.results(period)
        catalogue = build_catalogue(
            period,
            codelists=self.codelists,
            indicators=self.indicators,
            projects=self.projects,
            institutions=self.institutions,
            results=results,
        )
        labels = build_labels(self.codelists, self.indicators, self.projects, self.institutions, results)
        return InForce(catalogue, WorkingDays.from_code_lists(self.codelists), labels)


class Catalogues:
    """Period → what holds for it, for one version of the reference data; built once for periods that are alike."""

    def __init__(self) -> None:
        self._version: str | None = None
        self._reference: Reference | None = None
        self._boundaries = Boundaries()
        self._alike: dict[tuple[frozenset[date], frozenset[date]], InForce] = {}
        self._known: dict[str, InForce] = {}

    def known(self, period: str) -> InForce | None:
        """What held for `period` when it was last asked for; null where nobody asked yet."""
        return self._known.get(period)

    async def of(self, conn: Connection, period: str, version: str) -> InForce:
        """What holds for `period`; `version` is that of the reference data, as `store.load` gives it."""
        if self._reference is None or version != self._version:
            self._reference = await load_reference(conn)
            self._boundaries = self._reference.boundaries()
            self._version, self._alike, self._known = version, {}, {}
        found = self._known.get(period)
        if found is None:
            found = self._known[period] = self._of(self._reference, period)
        return found

    def _of(self, reference: Reference, period: str) -> InForce:
        validity = self._boundaries.between(period)
        alike = self._alike.get(validity)
        if alike is None:
            alike = self._alike[validity] = reference.in_force(period)
        dated = replace(alike.catalogue, period=period, starts=first_day(period), ends=last_day(period))
        return replace(alike, catalogue=dated)


async def load_reference(conn: Connection) -> Reference:
    """Read everything that submissions may refer to."""
    items = [(row["kind"], row["item"]) for row in await store.reference_items(conn)]
    plans: dict[str, PlanInForce] = {}
    for row in await store.plan_result_items(conn):
        known = plans.get(row["plan"], PlanInForce(row["valid_from"], row["valid_to"], ()))
        results = (*known.results, PlanResult.model_validate(row["item"]))
        plans[row["plan"]] = replace(known, results=results)
    return Reference(
        codelists=[CodeList.model_validate(item) for kind, item in items if kind == "codelist"],
        indicators=[Indicator.model_validate(item) for kind, item in items if kind == "indicator"],
        projects=[Project.model_validate(item) for kind, item in items if kind == "project"],
        institutions=[InstitutionRegistered.model_validate(r["item"]) for r in await store.institution_items(conn)],
        plans=list(plans.values()),
    )


def catalogues_of(runtime: Runtime) -> Catalogues:
    """The catalogues of this service in this process."""
    state = runtime.api.state
    if not hasattr(state, "catalogues"):
        state.catalogues = Catalogues()
    found: Catalogues = state.catalogues
    return found
