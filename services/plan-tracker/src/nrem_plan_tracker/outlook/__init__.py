"""Challenges and future plans over the quarters: what stays, what ended, what became of it."""
