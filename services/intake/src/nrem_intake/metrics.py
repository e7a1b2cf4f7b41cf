"""Intake's own metrics; their meaning is in its README too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class IntakeMetrics:
    """What institutions did."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.submissions = Counter(
            "nrem_intake_submissions_total",
            "Submitted versions, by outcome (submitted, refused) and timeliness (on_time, late, none)",
            ["outcome", "timeliness"],
            registry=registry,
        )
        self.decisions = Counter(
            "nrem_intake_decisions_total",
            "Decisions on versions: accepted, returned, withdrawn",
            ["outcome"],
            registry=registry,
        )
        self.refusals = Counter(
            "nrem_intake_refusals_total", "Errors found in refused submissions, by code", ["code"], registry=registry
        )
        self.sign_ins = Counter(
            "nrem_intake_sign_ins_total",
            "Signed in or asked for a token, by way (key, link, provider, second_factor) and outcome",
            ["way", "outcome"],
            registry=registry,
        )
        self.sign_in_mails = Counter(
            "nrem_intake_sign_in_mails_total",
            "Links asked for, by outcome: sent, failed, withheld (not on the allow-list), nobody (address not known)",
            ["outcome"],
            registry=registry,
        )
