"""Calendars that people subscribe to: what they owe and the meetings they are asked to."""
