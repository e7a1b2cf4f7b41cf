"""Deadlines that law or a standing order sets."""
