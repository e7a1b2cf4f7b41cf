"""One-time codes by time (TOTP, RFC 6238: SHA-1, six digits, 30 s) and recovery codes. Pure."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime

import pyotp
import segno

#: Codes of the step before and after count too: clocks of telephones are not exact.
_STEPS_AROUND = (0, -1, 1)
_STEP_SECONDS = 30
RECOVERY_CODES = 10
#: Without letters and digits that look alike.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_totp_secret() -> str:
    """A fresh secret of 160 bits in base 32."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The time step whose code this is: now, the one before or the next; null for a wrong code.

    Steps up to `after` were used before: a code that somebody looked at is worth nothing.
    """
    generator, current = pyotp.TOTP(secret), int(now.timestamp()) // _STEP_SECONDS
    for step in (current + n for n in _STEPS_AROUND):
        if hmac.compare_digest(generator.generate_otp(step), code) and step > after:
            return step
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 59 bits, in groups of four that can be copied by hand."""
    return tuple("-".join(_group() for _ in range(3)) for _ in range(RECOVERY_CODES))


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))


def plain_code(typed: str) -> str:
    """A code as it is compared: without spaces and hyphens, in small letters."""
    return re.sub(r"[\s\-‐–]+", "", typed).lower()


def is_one_time(code: str) -> bool:
    """Whether a plain code is one of six digits, and not a recovery code."""
    return re.fullmatch(r"\d{6}", code) is not None


def address_for_device(secret: str, address: str) -> str:
    """The otpauth address that the device reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=address, issuer_name="NREM")


def picture(uri: str, title: str) -> str:
    """The QR code as SVG to stand in a page: without scripts and styles."""
    code = segno.make(uri, error="m", micro=False)
    return code.svg_inline(scale=5, border=4, title=title, svgclass=None, lineclass=None, light="#ffffff")


def grouped(secret: str) -> str:
    """The secret in groups of four, for those who type it."""
    return " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
