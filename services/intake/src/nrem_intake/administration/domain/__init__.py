"""Administered things as a document, and what a change of them changes. Pure."""
