"""A mail as a message: headers for robots and for people, then text and HTML of the same content."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

#: Between the parts. It stands in none of them: quoted-printable and base64 never have "=" before "_" (RFC 2045, 6.7).
BOUNDARY = "=_nrem_part"
#: Headers that no other mail has.
_OWN = frozenset({"to", "subject", "message-id"})


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


class _Remembering(EmailPolicy):
    """As email.policy.SMTP; headers that many mails have are parsed and folded once, which is half of the work."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return _parsed(name, value) if name.lower() not in _OWN else SMTP.header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return _folded(name, value) if name.lower() not in _OWN else SMTP.fold_binary(name, value)

    def header_max_count(self, name: str) -> int | None:
        return _most(name)


@lru_cache(maxsize=64)
def _most(name: str) -> int | None:
    return SMTP.header_max_count(name)


@lru_cache(maxsize=256)
def _parsed(name: str, value: Any) -> tuple[str, Any]:
    return SMTP.header_store_parse(name, value)


@lru_cache(maxsize=256)
def _folded(name: str, value: Any) -> bytes:
    return SMTP.fold_binary(name, value)


_POLICY = _Remembering(linesep="\r\n")


def sealed(envelope: Envelope, text: str, html: str) -> EmailMessage:
    """The message, marked so that no robot answers it; further alternatives may be added to it."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = str(Address(envelope.sender_name, addr_spec=envelope.sender))
    message["To"] = envelope.to
    message["Reply-To"] = envelope.reply_to
    message["Subject"] = envelope.subject
    message["Date"] = format_datetime(envelope.written_at)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message.set_content(text.strip() + "\n", cte="quoted-printable")
    message.make_alternative(boundary=BOUNDARY)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # Last: giving a message its content takes headers away that begin with Content-.
    message["Content-Language"] = envelope.language
    return message
