"""A letter as the bytes that travel: text and HTML, headers for robots and for people, a meeting's calendar part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from nrem_notifier.mail.letters import Letter
    from nrem_shared.web.environments import Templates


@dataclass(frozen=True, slots=True)
class Sender:
    """Who mails come from and where answers go."""

    address: str
    reply_to: str

    @property
    def domain(self) -> str:
        """The domain of Message-ID."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar object that goes with a mail; `method` is REQUEST or CANCEL."""

    method: str
    content: bytes


def message_id(id: UUID, sender: Sender) -> str:
    """The same for every repetition of the same mail."""
    return f"<{id}@{sender.domain}>"


def render(
    letter: Letter,
    language: str,
    templates: Templates,
    sender: Sender,
    id: UUID,
    to: str,
    now: datetime,
    calendar: CalendarPart | None = None,
) -> bytes:
    """The whole message, ready for DATA."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(templates.translator(language)("mail.sender"), addr_spec=sender.address)
    message["To"] = to
    message["Reply-To"] = sender.reply_to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(id, sender)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message["Content-Language"] = language
    context = {"letter": letter, "language": language}
    message.set_content(templates.render(language, "notifier/mail.txt", context).strip() + "\n", cte="quoted-printable")
    html = templates.render(language, "notifier/mail.html", context)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if calendar is not None:
        message.add_alternative(
            calendar.content.decode(), subtype="calendar", params={"method": calendar.method}, cte="base64"
        )
    return message.as_bytes()
