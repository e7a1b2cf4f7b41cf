"""Progress of plan results, as members report it."""
