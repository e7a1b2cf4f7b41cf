"""Redactions of submissions, and the releases that quote what was redacted."""
