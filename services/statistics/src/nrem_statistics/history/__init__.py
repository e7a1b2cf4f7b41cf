"""Yearly figures from before the platform, and the years that the platform counts itself."""
