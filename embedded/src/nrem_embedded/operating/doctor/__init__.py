"""`nrem doctor`: all that must be so for the platform to work, asked at once, with what to do where it is not."""
