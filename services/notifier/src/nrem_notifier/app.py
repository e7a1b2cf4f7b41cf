"""What notifier is made of."""

from __future__ import annotations

from nrem_notifier.authorisation import RULES
from nrem_notifier.calendars import api as calendars_api
from nrem_notifier.calendars import pages as calendars_pages
from nrem_notifier.followup import api as followup_api
from nrem_notifier.followup import pages as followup_pages
from nrem_notifier.ledger import api as ledger_api
from nrem_notifier.ledger import pages as ledger_pages
from nrem_notifier.ledger.remind import remind
from nrem_notifier.mail import api as mail_api
from nrem_notifier.mailboxes import pages as mailboxes_pages
from nrem_notifier.mailboxes.server import keep_mail
from nrem_notifier.metrics import NotifierMetrics
from nrem_notifier.obligations import handlers
from nrem_notifier.policies import api as policies_api
from nrem_notifier.policies import pages as policies_pages
from nrem_notifier.redactions.cleaning import clean
from nrem_notifier.today import api as today_api
from nrem_notifier.today import pages as today_pages
from nrem_shared.contracts import topics
from nrem_shared.runtime.allowed_contacts import handlers as allowed_contacts
from nrem_shared.runtime.service import Blueprint
from nrem_shared.web.application import pages
from nrem_shared.web.operations import operations_router
from nrem_shared.web.redactions import redactions_router

BLUEPRINT = Blueprint(
    name="notifier",
    package="nrem_notifier",
    base_path="/reminders",
    title="NREM notifier",
    routers=(
        policies_api.router,
        ledger_api.router,
        mail_api.router,
        calendars_api.router,
        followup_api.router,
        today_api.router,
        today_pages.router,
        followup_pages.router,
        ledger_pages.router,
        policies_pages.router,
        calendars_pages.router,
        mailboxes_pages.router,
        operations_router(today_pages.sending_lines),
        redactions_router(clean),
    ),
    rules=RULES,
    install=pages("nrem_notifier"),
    projects={
        topics.CONTACTS: handlers.apply_contacts,
        topics.MEMBERS: handlers.apply_facts,
        topics.PERIODS: handlers.apply_facts,
        topics.SUBMISSIONS: handlers.apply_facts,
        topics.PLANS: handlers.apply_facts,
        topics.MEETINGS: handlers.apply_facts,
        topics.REFERENCE: allowed_contacts.apply,
    },
    metrics=NotifierMetrics,
    background={"mailbox": keep_mail, "remind": remind},
)
