"""Whether a meeting can be held as it is planned: seven days ahead, who and what is missing."""
