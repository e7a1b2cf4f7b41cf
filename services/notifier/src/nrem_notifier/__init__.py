"""Obligations, reminders and mail: nobody misses a date, nobody is reminded of what is done."""
