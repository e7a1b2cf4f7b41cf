"""Whether the invitations to a meeting were delivered, as the notifier says."""
