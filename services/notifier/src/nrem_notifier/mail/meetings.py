"""Meetings as iCalendar (RFC 5545, RFC 5546): the same UID for ever, SEQUENCE counts changes, CANCEL takes it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, vCalAddress, vText

from nrem_notifier.mail.message import CalendarPart, Sender

if TYPE_CHECKING:
    from nrem_shared.contracts.meetings import MeetingStream

PRODUCT = "-//NREM//Reminders//LV"


def event_of(meeting: MeetingStream, title: str, sender: Sender, link: str, stamp: datetime, language: str) -> Event:
    """The meeting as a calendar shows it."""
    event = Event()
    event.add("uid", f"{meeting.code}@{sender.domain}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.starts_at.astimezone(UTC) + timedelta(minutes=meeting.minutes_long))
    event.add("summary", title)
    event.add("status", "CANCELLED" if meeting.state == "cancelled" else "CONFIRMED")
    event.add("url", link)
    if meeting.place is not None:
        event.add("location", vText(meeting.place.in_language(language)))
    return event


def calendar_part(
    meeting: MeetingStream, title: str, sender: Sender, attendee: str, link: str, stamp: datetime, language: str
) -> CalendarPart:
    """What goes with an invitation, a move or a cancellation."""
    method = "CANCEL" if meeting.state == "cancelled" else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = event_of(meeting, title, sender, link, stamp, language)
    event.add("organizer", vCalAddress(f"mailto:{sender.reply_to}"))
    who = vCalAddress(f"mailto:{attendee}")
    who.params["ROLE"] = "REQ-PARTICIPANT"
    who.params["PARTSTAT"] = "NEEDS-ACTION"
    who.params["RSVP"] = "TRUE"
    event.add("attendee", who, encode=False)
    calendar.add_component(event)
    return CalendarPart(method, calendar.to_ical())
