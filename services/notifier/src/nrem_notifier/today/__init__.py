"""Home: what needs the reader today."""
