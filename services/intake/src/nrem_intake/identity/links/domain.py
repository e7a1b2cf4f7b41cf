"""What a link is worth. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

LIFETIME = timedelta(minutes=15)

#: Whether a link can be used now, and if not, why.
Worth = Literal["good", "unknown", "used", "expired", "other_browser"]

_ADDRESS = re.compile(r"^[^@\s<>\"(),:;\\]+@[^@\s<>\"(),:;\\]+\.[^@\s<>\"(),:;\\]+$")


def is_address(text: str) -> bool:
    """Whether this is an e-mail address, as far as a mistake in writing shows."""
    return len(text) <= 254 and _ADDRESS.match(text) is not None


def worth(link: Mapping[str, Any] | None, browser: bytes | None, now: datetime) -> Worth:
    """What a link that was opened in this browser is worth now."""
    if link is None:
        return "unknown"
    if link["used_at"] is not None:
        return "used"
    if link["expires_at"] <= now:
        return "expired"
    return "good" if link["browser"] == browser else "other_browser"
