"""Composition of plan-tracker: what it reads from the bus, what it answers."""

from __future__ import annotations

from nrem_plan_tracker.authorisation import RULES
from nrem_plan_tracker.deadlines import api as deadlines_api
from nrem_plan_tracker.meetings import api as meetings_api
from nrem_plan_tracker.minutes import api as minutes_api
from nrem_plan_tracker.plans import api as plans_api
from nrem_plan_tracker.plans import pages as plans_pages
from nrem_plan_tracker.progress import api as progress_api
from nrem_plan_tracker.recommendations import api as recommendations_api
from nrem_plan_tracker.sources import handlers as sources
from nrem_plan_tracker.submissions import handlers as submissions
from nrem_plan_tracker.tasks import api as tasks_api
from nrem_plan_tracker.verdicts import api as verdicts_api
from nrem_shared.contracts import topics
from nrem_shared.runtime.service import Blueprint
from nrem_shared.web.application import pages

BLUEPRINT = Blueprint(
    name="plan-tracker",
    package="nrem_plan_tracker",
    base_path="/plan",
    title="NREM plan-tracker",
    routers=(
        plans_api.router,
        progress_api.router,
        verdicts_api.router,
        recommendations_api.router,
        deadlines_api.router,
        meetings_api.router,
        minutes_api.router,
        tasks_api.router,
        plans_pages.router,
    ),
    rules=RULES,
    install=pages("nrem_plan_tracker"),
    projects={
        topics.SUBMISSIONS: submissions.apply,
        topics.MEMBERS: sources.apply_members,
        topics.PERIODS: sources.apply_periods,
        topics.REFERENCE: sources.apply_reference,
    },
)
