"""Keys, tokens and browser sessions: how institutions and people sign in."""
