"""National plans: directions, measures, results, and who answers for them."""
