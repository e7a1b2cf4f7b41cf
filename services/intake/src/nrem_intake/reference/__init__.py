"""Code lists, indicators and projects as versioned facts."""
