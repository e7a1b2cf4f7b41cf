"""Releases: the figures of a quarter, frozen as they were known, for the working group and the ministry."""
