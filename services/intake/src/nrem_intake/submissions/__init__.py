"""Submissions: what members report for a period, its review, its corrections."""
