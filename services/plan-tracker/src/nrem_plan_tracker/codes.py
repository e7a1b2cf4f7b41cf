"""Codes that institutions choose: they name streams, and stand in addresses and headers."""

from __future__ import annotations

import re
from typing import Protocol, TypeVar

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")


class Coded(Protocol):
    """Whatever has a code."""

    code: str


Given = TypeVar("Given", bound=Coded)


def with_plain_code(given: Given) -> Given:
    """For pydantic's AfterValidator. Raises ValueError for a code that has to be escaped somewhere."""
    if not _PLAIN.fullmatch(given.code):
        raise ValueError("code: letters of the Latin alphabet, digits, underscores, dots and hyphens; at most 64")
    return given
