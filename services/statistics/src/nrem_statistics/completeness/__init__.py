"""Who has reported for a period, who has not, and what was received but not understood."""
