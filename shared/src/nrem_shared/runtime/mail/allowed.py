"""Who may be written to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.mail.settings import MailSettings


@dataclass(frozen=True, slots=True)
class AllowList:
    """Outside production only these are written to: addresses, or domains with an @ in front."""

    everybody: bool
    entries: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: MailSettings) -> AllowList:
        """Whom this installation may write to."""
        # In a demonstration nothing leaves the machine: the platform's own mailboxes receive all.
        own_mailboxes = settings.demonstration and settings.smtp_host is None
        return cls(settings.production or own_mailboxes, settings.allowed_recipients)

    def __contains__(self, address: str) -> bool:
        """Whether this address may be written to."""
        if self.everybody:
            return True
        plain = address.lower()
        return any(
            plain == one.lower() or (one.startswith("@") and plain.endswith(one.lower())) for one in self.entries
        )
