"""Meetings of the working group: called, moved, cancelled, held; their agenda and their decisions."""
