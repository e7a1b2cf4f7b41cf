"""The mails that bring somebody in: as bytes that travel, text and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from nrem_intake.settings import IntakeSettings
    from nrem_shared.web.environments import Templates


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: a heading, paragraphs, one thing to do, and more paragraphs below it."""

    subject: str
    heading: str
    intro: tuple[str, ...]
    action: tuple[str, str]
    after: tuple[str, ...] = ()
    illustrative: bool = False


def link_letter(templates: Templates, language: str, link: str, minutes: int, illustrative: bool) -> Letter:
    """The link that signs in."""
    _ = templates.translator(language)
    return Letter(
        subject=_("sign_in_mail.subject"),
        heading=_("sign_in_mail.heading"),
        intro=(_("sign_in_mail.intro"),),
        action=(_("sign_in_mail.action"), link),
        after=(_.count("sign_in_mail.lasts", minutes), _("sign_in_mail.not_you")),
        illustrative=illustrative,
    )


def render(
    letter: Letter, templates: Templates, language: str, settings: IntakeSettings, to: str, now: datetime
) -> bytes:
    """The whole message, ready for DATA."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(templates.translator(language)("sign_in_mail.sender"), addr_spec=settings.mail_from)
    message["To"] = to
    message["Reply-To"] = settings.reply_to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{uuid4()}@{settings.mail_from.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    context = {"letter": letter, "language": language}
    text = templates.render(language, "intake/sign_in_mail.txt", context).strip() + "\n"
    message.set_content(text, cte="quoted-printable")
    html = templates.render(language, "intake/sign_in_mail.html", context)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # not before: the parts would take it along
    return message.as_bytes()
