"""What the form of a report knows and decides; pure."""
