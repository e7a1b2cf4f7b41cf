"""The mails that bring somebody in: as bytes that travel, text and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from nrem_shared.web.mail import Envelope, sealed

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
    envelope = Envelope(
        sender_name=templates.translator(language)("sign_in_mail.sender"),
        sender=settings.mail_from,
        reply_to=settings.reply_to,
        to=to,
        subject=letter.subject,
        message_id=f"<{uuid4()}@{settings.mail_from.rpartition('@')[2]}>",
        language=language,
        written_at=now,
    )
    context = {"letter": letter, "language": language}
    text = templates.render(language, "intake/sign_in_mail.txt", context)
    return sealed(envelope, text, templates.render(language, "intake/sign_in_mail.html", context)).as_bytes()
