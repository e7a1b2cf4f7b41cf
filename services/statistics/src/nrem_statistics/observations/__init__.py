"""What the members reported, version by version, and which version counted at any instant."""
