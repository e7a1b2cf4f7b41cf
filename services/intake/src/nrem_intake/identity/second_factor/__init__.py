"""One-time codes of a second device (RFC 6238) and recovery codes."""
