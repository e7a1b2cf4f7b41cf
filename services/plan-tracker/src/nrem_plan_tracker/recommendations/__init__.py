"""Recommendations to the state, and the results that answer them."""
