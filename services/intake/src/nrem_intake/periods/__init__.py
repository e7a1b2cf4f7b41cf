"""Reporting periods: who owes a submission, by when, and what counted when a period closed."""
