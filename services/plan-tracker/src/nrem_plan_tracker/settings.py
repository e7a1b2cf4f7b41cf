"""Settings of plan-tracker."""

from __future__ import annotations

from nrem_shared.runtime.settings import ServiceSettings


class PlanTrackerSettings(ServiceSettings):
    """What every service needs is enough."""
