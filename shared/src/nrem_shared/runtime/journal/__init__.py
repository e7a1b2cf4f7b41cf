"""The journal of a service: what it decided, in order, once, chained by hashes."""

from nrem_shared.runtime.journal.journal import Fact, Journal, Provenance, Writing

__all__ = ["Fact", "Journal", "Provenance", "Writing"]
