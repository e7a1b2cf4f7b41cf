"""Quarters from before the platform was used: brought in by the ministry as accepted, and marked so."""
