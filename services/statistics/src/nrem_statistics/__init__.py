"""Statistics: what the members reported becomes figures, as known on any date."""
