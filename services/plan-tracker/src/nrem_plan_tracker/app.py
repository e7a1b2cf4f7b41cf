"""What plan-tracker is made of."""

from __future__ import annotations

from nrem_plan_tracker.authorisation import RULES
from nrem_plan_tracker.plans import api as plans_api
from nrem_plan_tracker.plans import pages as plans_pages
from nrem_plan_tracker.progress import handlers as progress_handlers
from nrem_shared.contracts import topics
from nrem_shared.runtime.service import Blueprint
from nrem_shared.web.application import pages

BLUEPRINT = Blueprint(
    name="plan-tracker",
    package="nrem_plan_tracker",
    base_path="/plan",
    title="NREM plan-tracker",
    routers=(plans_api.router, plans_pages.router),
    rules=RULES,
    install=pages("nrem_plan_tracker"),
    projects={topics.SUBMISSIONS: progress_handlers.apply},
)
