"""The journal of a service: what it decided, in order, once, chained by hashes."""

from nrem_shared.runtime.journal.journal import Journal
from nrem_shared.runtime.journal.store import KeyName, State
from nrem_shared.runtime.journal.writing import Fact, Provenance, Writing

__all__ = ["Fact", "Journal", "KeyName", "Provenance", "State", "Writing"]
