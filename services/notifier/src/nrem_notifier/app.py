"""What notifier is made of."""

from __future__ import annotations

from nrem_notifier.authorisation import RULES
from nrem_notifier.obligations import handlers
from nrem_shared.contracts import topics
from nrem_shared.runtime.service import Blueprint
from nrem_shared.web.application import pages

BLUEPRINT = Blueprint(
    name="notifier",
    package="nrem_notifier",
    base_path="/reminders",
    title="NREM notifier",
    routers=(),
    rules=RULES,
    install=pages("nrem_notifier"),
    projects={
        topics.CONTACTS: handlers.apply_contacts,
        topics.MEMBERS: handlers.apply_facts,
        topics.PERIODS: handlers.apply_facts,
        topics.SUBMISSIONS: handlers.apply_facts,
        topics.PLANS: handlers.apply_facts,
        topics.MEETINGS: handlers.apply_facts,
    },
)
