"""The plans that reports refer to, as plan-tracker decided them."""
