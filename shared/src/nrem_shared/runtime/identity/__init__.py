"""Who is asking, and what they may do."""

from nrem_shared.runtime.identity.authorisation import PUBLIC, Rule
from nrem_shared.runtime.identity.cache import signed_in_before
from nrem_shared.runtime.identity.principal import Principal

__all__ = ["PUBLIC", "Principal", "Rule", "signed_in_before"]
