"""Institutions, their membership over time, and whom to write to."""
