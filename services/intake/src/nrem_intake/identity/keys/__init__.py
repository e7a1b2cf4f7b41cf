"""Institutions' keys, their tokens, and the key that signs."""
