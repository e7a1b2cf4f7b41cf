"""What intake is made of: its routes, what it projects, what its relay adds."""

from __future__ import annotations

from fastapi import FastAPI

from nrem_intake.access_log import pages as access_log_pages
from nrem_intake.access_log.middleware import AccessLog
from nrem_intake.administration import pages as administration_pages
from nrem_intake.administration import transfer as administration_transfer
from nrem_intake.authorisation import RULES
from nrem_intake.clock import api as clock_api
from nrem_intake.contributors import pages as contributors_pages
from nrem_intake.discussions import api as discussions_api
from nrem_intake.discussions import pages as discussions_pages
from nrem_intake.evidence import api as evidence_api
from nrem_intake.evidence import pages as evidence_pages
from nrem_intake.extensions import api as extensions_api
from nrem_intake.extensions import pages as extensions_pages
from nrem_intake.history import api as history_api
from nrem_intake.identity import routers as identity
from nrem_intake.identity.second_factor.lost import operations_lines
from nrem_intake.members import api as members_api
from nrem_intake.members.relay import add_addresses
from nrem_intake.metrics import IntakeMetrics
from nrem_intake.periods import api as periods_api
from nrem_intake.plans import handlers as plans_handlers
from nrem_intake.redactions import api as redactions_api
from nrem_intake.redactions import pages as redactions_pages
from nrem_intake.reference import api as reference_api
from nrem_intake.reporting import pages as reporting_pages
from nrem_intake.reviewing import corrections as reviewing_corrections
from nrem_intake.reviewing import figures as reviewing_figures
from nrem_intake.reviewing import pages as reviewing_pages
from nrem_intake.spreadsheets import api as spreadsheets_api
from nrem_intake.spreadsheets import pages as spreadsheets_pages
from nrem_intake.start import on_start
from nrem_intake.submissions import api as submissions_api
from nrem_intake.submissions import direct as submissions_direct
from nrem_intake.submissions import pages as submissions_pages
from nrem_shared.contracts import topics
from nrem_shared.runtime.service import Blueprint
from nrem_shared.web.application import pages
from nrem_shared.web.operations import operations_router
from nrem_shared.web.statements import statements_router


def _install(app: FastAPI) -> None:
    pages("nrem_intake")(app)
    app.add_middleware(AccessLog)
    submissions_direct.install(app)


BLUEPRINT = Blueprint(
    name="intake",
    package="nrem_intake",
    base_path="/intake",
    title="NREM intake",
    routers=(
        *identity.API,
        members_api.router,
        reference_api.router,
        periods_api.router,
        submissions_api.router,
        extensions_api.router,
        spreadsheets_api.router,
        history_api.router,
        discussions_api.router,
        redactions_api.router,
        evidence_api.router,
        reviewing_corrections.api,
        reviewing_figures.api,
        administration_transfer.api,
        clock_api.router,
        *identity.PAGES,
        contributors_pages.router,
        access_log_pages.router,
        submissions_pages.router,
        reporting_pages.router,
        extensions_pages.router,
        spreadsheets_pages.router,
        discussions_pages.router,
        redactions_pages.router,
        evidence_pages.router,
        reviewing_pages.router,
        administration_pages.router,
        operations_router(operations_lines),
        statements_router(),
    ),
    rules=RULES,
    install=_install,
    projects={topics.PLANS: plans_handlers.apply},
    enrichers={topics.CONTACTS: add_addresses},
    metrics=IntakeMetrics,
    on_start=on_start,
)
