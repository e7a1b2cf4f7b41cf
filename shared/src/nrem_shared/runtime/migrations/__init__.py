"""Numbered SQL files that only go forward: the shared ones first, then the service's own."""
