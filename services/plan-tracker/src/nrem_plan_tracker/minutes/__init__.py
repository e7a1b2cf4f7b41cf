"""Minutes: assembled from what was accepted, circulated, amended, approved and frozen."""
