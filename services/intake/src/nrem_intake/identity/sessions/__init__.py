"""Browser sessions: beginning, rotation, what one sees of them, ending."""
