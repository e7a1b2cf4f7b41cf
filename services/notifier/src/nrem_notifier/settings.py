"""Settings of notifier."""

from __future__ import annotations

from nrem_shared.runtime.settings import ServiceSettings


class NotifierSettings(ServiceSettings):
    """What every service needs is enough."""
