"""Policies as data: which steps remind of what, and the calendar they are counted by."""
