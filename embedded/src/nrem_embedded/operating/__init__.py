"""What operators do to an installation: send journals again, back up, restore, examine."""
