"""Files that show what was done: checked by content, kept by their hash, given out as downloads only."""
