"""A member's report as one form: drafts, sections, checking, signing, submitting."""
