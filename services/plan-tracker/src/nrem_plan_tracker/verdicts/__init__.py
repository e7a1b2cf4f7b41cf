"""The coordinator's verdicts on results, and the dissents beside them."""
