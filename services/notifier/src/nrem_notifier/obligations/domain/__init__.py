"""Obligations: a pure function of the current facts, worked out anew on every change."""
