"""What members owe, as the others decided it."""
