"""Redactions of submissions, and the meetings and minutes that quote what was redacted."""
