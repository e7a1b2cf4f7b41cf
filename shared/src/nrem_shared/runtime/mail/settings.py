"""Settings of services that send mail."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from nrem_shared.runtime.settings import ServiceSettings

#: An e-mail address, as far as a mistake in writing shows.
#: Without comments, quotes and groups, which a header would read as something else than an address.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
Address = Annotated[str, StringConstraints(pattern=rf"^{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*$", max_length=254)]


class MailSettings(ServiceSettings):
    """The way out for mail, and how careful it is."""

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
    mailbox_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Loopback port of the demonstration's own mailboxes; 0 = any free one",
    )
    mail_from: Address = Field(default="nrem@iem.example", description="Sender; its domain is that of Message-ID")
    reply_to: Address = Field(default="koordinators@iem.example", description="Where answers go; somebody reads them")
    production: bool = Field(default=False, description="Outside production only the allow-list is written to")
    allowed_recipients: tuple[str, ...] = Field(
        default=(), description="Outside production: addresses, or domains such as @iem.gov.lv"
    )
