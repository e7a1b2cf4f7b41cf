"""Back-ups: what the services decided, in one file, and an empty installation brought to where it was."""
