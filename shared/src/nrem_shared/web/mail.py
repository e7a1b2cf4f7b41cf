"""A mail as a message: headers for robots and for people, then text and HTML of the same content."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything of a mail but its content; `message_id` stands in its angle brackets."""

    sender_name: str
    sender: str
    reply_to: str
    to: str
    subject: str
    message_id: str
    language: str
    written_at: datetime


def sealed(envelope: Envelope, text: str, html: str) -> EmailMessage:
    """The message, marked so that no robot answers it; further alternatives may be added to it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(envelope.sender_name, addr_spec=envelope.sender)
    message["To"] = envelope.to
    message["Reply-To"] = envelope.reply_to
    message["Subject"] = envelope.subject
    message["Date"] = format_datetime(envelope.written_at)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message.set_content(text.strip() + "\n", cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # Last: giving a message its content takes headers away that begin with Content-.
    message["Content-Language"] = envelope.language
    return message
