"""What intake is made of: its routes, what it projects, what its relay adds."""

from __future__ import annotations

from nrem_intake.authorisation import RULES
from nrem_intake.clock import api as clock_api
from nrem_intake.extensions import api as extensions_api
from nrem_intake.extensions import pages as extensions_pages
from nrem_intake.identity import api as identity_api
from nrem_intake.identity import pages as identity_pages
from nrem_intake.members import api as members_api
from nrem_intake.members.relay import add_addresses
from nrem_intake.metrics import IntakeMetrics
from nrem_intake.periods import api as periods_api
from nrem_intake.plans import handlers as plans_handlers
from nrem_intake.reference import api as reference_api
from nrem_intake.start import on_start
from nrem_intake.submissions import api as submissions_api
from nrem_intake.submissions import pages as submissions_pages
from nrem_shared.contracts import topics
from nrem_shared.runtime.service import Blueprint
from nrem_shared.web.application import pages
from nrem_shared.web.operations import operations_router

BLUEPRINT = Blueprint(
    name="intake",
    package="nrem_intake",
    base_path="/intake",
    title="NREM intake",
    routers=(
        identity_api.router,
        members_api.router,
        reference_api.router,
        periods_api.router,
        submissions_api.router,
        extensions_api.router,
        clock_api.router,
        identity_pages.router,
        submissions_pages.router,
        extensions_pages.router,
        operations_router(),
    ),
    rules=RULES,
    install=pages("nrem_intake"),
    projects={topics.PLANS: plans_handlers.apply},
    enrichers={topics.CONTACTS: add_addresses},
    metrics=IntakeMetrics,
    on_start=on_start,
)
