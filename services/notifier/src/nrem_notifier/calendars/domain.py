"""A calendar feed: deadlines as whole days, meetings with their hours. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from nrem_notifier.mail.meetings import PRODUCT, event_of

if TYPE_CHECKING:
    from nrem_notifier.mail.message import Sender
    from nrem_notifier.obligations.domain.values import Obligation
    from nrem_notifier.obligations.reading import Known


def feed(owed: Sequence[Obligation], known: Known, sender: Sender, url: str, language: str, now: datetime) -> bytes:
    """What one role owes and is asked to. Titles, dates and links only."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "NREM")
    calendar.add("refresh-interval;value=duration", "PT6H")
    for one in owed:
        title = f"{one.title.in_language(language)}: {one.detail.in_language(language)}"
        meeting = known.meeting(one.key.split("/")[1]) if one.code == "MEETING" else None
        if meeting is not None:
            calendar.add_component(event_of(meeting, title, sender, url + one.link, now, language))
        else:
            calendar.add_component(_deadline(one, title, sender, url, now))
    content: bytes = calendar.to_ical()
    return content


def _deadline(one: Obligation, title: str, sender: Sender, url: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.key}@{sender.domain}")
    event.add("sequence", len(one.moves))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", one.due)
    event.add("dtend", one.due + timedelta(days=1))
    event.add("summary", title)
    event.add("transp", "TRANSPARENT")
    event.add("url", url + one.link)
    return event
