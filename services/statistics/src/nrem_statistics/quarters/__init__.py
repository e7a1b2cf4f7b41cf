"""The figures of one quarter, compiled from the versions in force as known on an instant."""
