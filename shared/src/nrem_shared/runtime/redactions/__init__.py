"""Redactions of submissions as the other services hear of them, and what follows from them there."""
