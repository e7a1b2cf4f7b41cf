"""What members reported, as the bus tells it: versions, decisions, and the entries of their sections."""
