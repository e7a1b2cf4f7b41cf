"""A mail has the headers that robots and people look for, and says the same in text and HTML."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

from nrem_shared.web.mail import Envelope, sealed

ENVELOPE = Envelope(
    sender_name="NREM atgādinājumi",
    sender="nrem@iem.example",
    reply_to="koordinators@iem.example",
    to="kontakts@vp.example",
    subject="Atgādinājums: 2 darbi",
    message_id="<1@iem.example>",
    language="lv",
    written_at=datetime(2026, 10, 12, 5, tzinfo=UTC),
)


def test_headers_and_both_forms() -> None:
    read = message_from_bytes(sealed(ENVELOPE, "\nĢertrūde\n\n", "<p>Ģertrūde</p>").as_bytes(), policy=default)
    assert read["From"] == "NREM atgādinājumi <nrem@iem.example>"
    assert (read["To"], read["Reply-To"]) == ("kontakts@vp.example", "koordinators@iem.example")
    assert (read["Message-ID"], read["Content-Language"]) == ("<1@iem.example>", "lv")
    assert (read["Auto-Submitted"], read["X-Auto-Response-Suppress"]) == ("auto-generated", "OOF, AutoReply")
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert read.get_body(("plain",)).get_content().splitlines() == ["Ģertrūde"]


def test_what_is_added_takes_no_header_away() -> None:
    message = sealed(ENVELOPE, "text", "<p>text</p>")
    message.add_alternative("BEGIN:VCALENDAR", subtype="calendar", params={"method": "REQUEST"}, cte="base64")
    assert message["Content-Language"] == "lv"
    assert len(list(message.iter_parts())) == 3
