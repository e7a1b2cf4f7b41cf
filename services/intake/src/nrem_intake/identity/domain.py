"""Keys and sessions: pure rules. Secrets are random and kept as keyed or plain hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

#: 256 bits: cannot be guessed, so a fast hash is enough to keep it.
SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh secret of 256 bits, URL-safe."""
    return secrets.token_urlsafe(SECRET_BYTES)


def keyed_hash(pepper: str, secret: str) -> bytes:
    """HMAC-SHA-256 under which an institution's key is kept: worthless to someone who has the database alone."""
    return hmac.new(pepper.encode(), secret.encode(), hashlib.sha256).digest()


def cookie_hash(cookie: str) -> bytes:
    """SHA-256 under which a session's cookie is kept."""
    return hashlib.sha256(cookie.encode()).digest()


def safe_return(address: str, default: str = "/") -> str:
    """Where to send a browser back to: a path of our own, never another site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or address.startswith(("//", "/\\")):
        return default
    return address
