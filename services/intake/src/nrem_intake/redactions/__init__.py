"""Personal data that got in all the same: taken out of everything; and texts let pass that only look like it."""
