"""Progress of plan results: what members say, what is measured, and the verdict beside it."""
