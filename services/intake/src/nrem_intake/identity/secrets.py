"""Secrets and what is kept of them: keyed or plain hashes, or a sealed text. Pure."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: 256 bits: cannot be guessed, so a fast hash is enough to keep it.
SECRET_BYTES = 32
_NONCE_BYTES = 12


def new_secret() -> str:
    """A fresh secret of 256 bits, URL-safe."""
    return secrets.token_urlsafe(SECRET_BYTES)


def keyed_hash(pepper: str, secret: str) -> bytes:
    """HMAC-SHA-256 under which a key or an address is kept: worthless to someone who has the database alone."""
    return hmac.new(pepper.encode(), secret.encode(), hashlib.sha256).digest()


def plain_hash(secret: str) -> bytes:
    """SHA-256 under which a secret of 256 bits is kept: a session's cookie, a link."""
    return hashlib.sha256(secret.encode()).digest()


def person_of(pepper: str, address: str) -> bytes:
    """Under which a person's second factor is kept: the address can be compared, not read."""
    return keyed_hash(pepper, f"person:{address.lower()}")


def _sealing_key(pepper: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"nrem second factor").derive(pepper.encode())


def seal(pepper: str, text: str, owner: bytes) -> bytes:
    """`text` encrypted (AES-256-GCM) with a key derived from the pepper; it opens for the same owner only."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_sealing_key(pepper)).encrypt(nonce, text.encode(), owner)


def unseal(pepper: str, sealed: bytes, owner: bytes) -> str:
    """What `seal` was given; raises cryptography's InvalidTag for another pepper, owner or text."""
    return AESGCM(_sealing_key(pepper)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner).decode()


def safe_return(address: str, default: str = "/") -> str:
    """Where to send a browser back to: a path of our own, never another site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or address.startswith(("//", "/\\")):
        return default
    if any(ord(character) < 0x20 for character in address):
        return default
    return address
