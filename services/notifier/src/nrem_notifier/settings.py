"""Settings of notifier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from nrem_shared.runtime.settings import ServiceSettings

#: An e-mail address, as far as a mistake in writing shows.
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>]+@[^@\s<>]+$", max_length=254)]


class NotifierSettings(ServiceSettings):
    """What only the notifier needs: the way out for its mail, and how careful it is."""

    ministry: str = Field(default="iem", description="The institution whose coordinator and secretariat are meant")
    smtp_host: str | None = Field(
        default=None, description="Mail server; left out in a demonstration: the platform's own mailboxes receive all"
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server")
    smtp_security: Literal["none", "starttls", "tls"] = Field(default="starttls", description="How it is spoken to")
    smtp_user: str | None = Field(default=None, description="User name for the mail server")
    smtp_password: SecretStr | None = Field(default=None, description="Password for the mail server")
    smtp_ca_file: Path | None = Field(
        default=None, description="PEM file of the authority of the mail server's certificate; else the system's"
    )
    smtp_connections: int = Field(default=4, ge=1, le=16, description="Connections kept to the mail server")
    mail_from: Address = Field(default="nrem@iem.example", description="Sender; its domain is that of Message-ID")
    reply_to: Address = Field(default="koordinators@iem.example", description="Where answers go; somebody reads them")
    production: bool = Field(default=False, description="Outside production only the allow-list is written to")
    allowed_recipients: tuple[str, ...] = Field(
        default=(), description="Outside production: addresses, or domains such as @iem.gov.lv"
    )
    policy_reminders_limit: int = Field(
        default=100, ge=1, description="A change of policies that would send more reminders than this today is refused"
    )
    notice_days: int = Field(default=7, ge=1, description="A receipt or invitation older than this is no news any more")
    lease_seconds: float = Field(default=120, gt=0, description="A mail whose sender vanished is taken up again after")
    give_up_hours: float = Field(default=72, gt=0, description="A mail refused for the time being fails after so long")
    content_days: int = Field(default=30, ge=1, description="How long the bytes of a mail that left are kept")
    look_seconds: float = Field(default=1.0, gt=0, description="How often the notifier looks without being woken")
