"""Comparing what the services answer with what a quarter file expects."""
