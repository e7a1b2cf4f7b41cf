"""Settings of notifier."""

from __future__ import annotations

from pydantic import Field

from nrem_shared.runtime.mail.settings import MailSettings


class NotifierSettings(MailSettings):
    """What only the notifier needs: the way out for its mail, and its patience."""

    ministry: str = Field(default="iem", description="The institution whose coordinator and secretariat are meant")
    smtp_connections: int = Field(default=4, ge=1, le=16, description="Connections kept to the mail server")
    policy_reminders_limit: int = Field(
        default=100, ge=1, description="A change of policies that would send more reminders than this today is refused"
    )
    notice_days: int = Field(default=7, ge=1, description="A receipt or invitation older than this is no news any more")
    lease_seconds: float = Field(default=120, gt=0, description="A mail whose sender vanished is taken up again after")
    give_up_hours: float = Field(default=72, gt=0, description="A mail refused for the time being fails after so long")
    content_days: int = Field(default=30, ge=1, description="How long the bytes of a mail that left are kept")
    look_seconds: float = Field(default=1.0, gt=0, description="How often the notifier looks without being woken")
