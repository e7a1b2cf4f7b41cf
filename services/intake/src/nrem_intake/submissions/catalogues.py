"""Catalogues of this process: read once per version of the reference data, then only looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_intake.submissions import store
from nrem_intake.submissions.domain.catalogue import Catalogue, build_catalogue, first_day, last_day
from nrem_intake.submissions.domain.labels import Labels, build_labels
from nrem_intake.submissions.domain.working_days import WorkingDays, working_days
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.plans import PlanResult
from nrem_shared.contracts.reference import CodeList, Indicator, Project

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.service import Runtime


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds for a period: what may be reported, how it is called, and which days are working days."""

    catalogue: Catalogue
    calendar: WorkingDays
    labels: Labels


class Catalogues:
    """Period → what holds for it, for one version of the reference data."""

    def __init__(self) -> None:
        self._version: str | None = None
        self._known: dict[str, InForce] = {}

    async def of(self, conn: Connection, period: str, version: str) -> InForce:
        """What holds for `period`; `version` is that of the reference data, as `store.load` gives it."""
        if version != self._version:
            self._version, self._known = version, {}
        found = self._known.get(period)
        if found is None:
            found = self._known[period] = await load_catalogue(conn, period)
        return found


async def load_catalogue(conn: Connection, period: str) -> InForce:
    """Read everything that a submission for `period` may refer to."""
    references = await store.reference_items(conn)
    items = {kind: [row["item"] for row in references if row["kind"] == kind] for kind in ("codelist", "indicator")}
    indicators = [Indicator.model_validate(item) for item in items["indicator"]]
    projects = [Project.model_validate(row["item"]) for row in references if row["kind"] == "project"]
    institutions = [InstitutionRegistered.model_validate(row["item"]) for row in await store.institution_items(conn)]
    codelists = [CodeList.model_validate(item) for item in items["codelist"]]
    rows = await store.plan_result_items(conn, first_day(period), last_day(period))
    results = [PlanResult.model_validate(row["item"]) for row in rows]
    catalogue = build_catalogue(
        period,
        codelists=codelists,
        indicators=indicators,
        projects=projects,
        institutions=institutions,
        results=results,
    )
    labels = build_labels(codelists, indicators, projects, institutions, results)
    return InForce(catalogue, working_days(codelists), labels)


def catalogues_of(runtime: Runtime) -> Catalogues:
    """The catalogues of this service in this process."""
    state = runtime.api.state
    if not hasattr(state, "catalogues"):
        state.catalogues = Catalogues()
    found: Catalogues = state.catalogues
    return found
