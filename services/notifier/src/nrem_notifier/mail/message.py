"""A letter as the bytes that travel: text and HTML, headers for robots and for people, a meeting's calendar part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from nrem_shared.web.mail import Envelope, sealed

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
    envelope = Envelope(
        sender_name=templates.translator(language)("mail.sender"),
        sender=sender.address,
        reply_to=sender.reply_to,
        to=to,
        subject=letter.subject,
        message_id=message_id(id, sender),
        language=language,
        written_at=now,
    )
    context = {"letter": letter, "language": language}
    text = templates.render(language, "notifier/mail.txt", context)
    message = sealed(envelope, text, templates.render(language, "notifier/mail.html", context))
    if calendar is not None:
        message.add_alternative(
            calendar.content.decode(), subtype="calendar", params={"method": calendar.method}, cte="base64"
        )
    return message.as_bytes()
