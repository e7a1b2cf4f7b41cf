"""The demonstration clock: an event like any other."""
