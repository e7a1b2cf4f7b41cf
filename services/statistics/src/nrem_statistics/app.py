"""Composition of the statistics service: what it reads from the bus, what it answers, what runs beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from nrem_shared.contracts import topics
from nrem_shared.runtime.observing import every
from nrem_shared.runtime.redactions.following import following
from nrem_shared.runtime.service import Blueprint, Runtime
from nrem_shared.web.application import pages
from nrem_shared.web.charts import ChartRenderer
from nrem_shared.web.operations import operations_router
from nrem_shared.web.redactions import redactions_router
from nrem_statistics.authorisation import RULES
from nrem_statistics.completeness import api as completeness_api
from nrem_statistics.completeness import store as completeness_store
from nrem_statistics.history import api as history_api
from nrem_statistics.history import pages as history_pages
from nrem_statistics.metrics import StatisticsMetrics
from nrem_statistics.observations import handlers as observations
from nrem_statistics.quarters import api as quarters_api
from nrem_statistics.quarters import pages as quarters_pages
from nrem_statistics.redactions.cleaning import clean
from nrem_statistics.redactions.taking_out import take_out
from nrem_statistics.releases import api as releases_api
from nrem_statistics.releases import pages as releases_pages
from nrem_statistics.sources import handlers as sources

if TYPE_CHECKING:
    from fastapi import FastAPI

#: Seconds between two looks at completeness for the metrics.
OBSERVE_SECONDS = 5.0


async def observe_once(runtime: Runtime) -> None:
    """Count what is missing and what was not understood, now."""
    metrics = cast("StatisticsMetrics", runtime.metrics)
    async with runtime.pool.acquire() as conn:
        missing = await completeness_store.missing_by_open_period(conn)
        not_understood = await completeness_store.count_not_understood(conn)
    metrics.show_missing(missing)
    metrics.not_understood.set(not_understood)


def _install(app: FastAPI) -> None:
    pages("nrem_statistics")(app)
    app.state.charts = ChartRenderer()


BLUEPRINT = Blueprint(
    name="statistics",
    package="nrem_statistics",
    base_path="/statistics",
    title="NREM statistics",
    routers=(
        quarters_api.router,
        releases_api.router,
        completeness_api.router,
        history_api.router,
        quarters_pages.router,
        releases_pages.router,
        history_pages.router,
        operations_router(),
        redactions_router(clean),
    ),
    rules=RULES,
    install=_install,
    projects={
        topics.SUBMISSIONS: observations.apply,
        topics.MEMBERS: sources.apply_members,
        topics.PERIODS: sources.apply_periods,
        topics.REFERENCE: sources.apply_reference,
    },
    metrics=StatisticsMetrics,
    background={"observe": every(OBSERVE_SECONDS, observe_once), "consume": following(take_out)},
)
