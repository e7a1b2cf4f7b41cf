"""People who help: somebody of an institution who fills some sections of its report."""
