"""Handing mail over: the server's settings, who may be written to, connections."""
