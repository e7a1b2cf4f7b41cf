"""Stepping into a role with one click: in a demonstration only."""
