"""Composition of plan-tracker: what it reads from the bus, what it answers."""

from __future__ import annotations

from nrem_plan_tracker.authorisation import RULES
from nrem_plan_tracker.deadlines import api as deadlines_api
from nrem_plan_tracker.deadlines import pages as deadlines_pages
from nrem_plan_tracker.invitations import handlers as invitations
from nrem_plan_tracker.meetings import api as meetings_api
from nrem_plan_tracker.meetings import form_pages as meetings_forms
from nrem_plan_tracker.meetings import pages as meetings_pages
from nrem_plan_tracker.metrics import PlanTrackerMetrics
from nrem_plan_tracker.minutes import api as minutes_api
from nrem_plan_tracker.minutes import pages as minutes_pages
from nrem_plan_tracker.observing import observe
from nrem_plan_tracker.outlook import api as outlook_api
from nrem_plan_tracker.plans import api as plans_api
from nrem_plan_tracker.plans import pages as plans_pages
from nrem_plan_tracker.progress import api as progress_api
from nrem_plan_tracker.progress import pages as progress_pages
from nrem_plan_tracker.readiness import api as readiness_api
from nrem_plan_tracker.readiness import pages as readiness_pages
from nrem_plan_tracker.recommendations import api as recommendations_api
from nrem_plan_tracker.recommendations import pages as recommendations_pages
from nrem_plan_tracker.redactions.cleaning import clean
from nrem_plan_tracker.redactions.taking_out import take_out
from nrem_plan_tracker.releases import handlers as releases
from nrem_plan_tracker.sources import handlers as sources
from nrem_plan_tracker.submissions import handlers as submissions
from nrem_plan_tracker.tasks import api as tasks_api
from nrem_plan_tracker.tasks import pages as tasks_pages
from nrem_plan_tracker.verdicts import api as verdicts_api
from nrem_shared.contracts import topics
from nrem_shared.runtime.redactions.following import following
from nrem_shared.runtime.service import Blueprint
from nrem_shared.web.application import pages
from nrem_shared.web.operations import operations_router
from nrem_shared.web.redactions import redactions_router

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
        readiness_api.router,
        outlook_api.router,
        plans_pages.router,
        progress_pages.router,
        recommendations_pages.router,
        deadlines_pages.router,
        outlook_api.pages,
        readiness_pages.router,
        tasks_pages.router,
        meetings_forms.router,
        minutes_pages.router,
        meetings_pages.router,
        operations_router(),
        redactions_router(clean),
    ),
    rules=RULES,
    install=pages("nrem_plan_tracker"),
    projects={
        topics.SUBMISSIONS: submissions.apply,
        topics.MEMBERS: sources.apply_members,
        topics.PERIODS: sources.apply_periods,
        topics.REFERENCE: sources.apply_reference,
        topics.RELEASES: releases.apply,
        topics.REMINDERS: invitations.apply,
    },
    metrics=PlanTrackerMetrics,
    background={"observe": observe, "consume": following(take_out)},
)
