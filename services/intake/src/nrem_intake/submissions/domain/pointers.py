"""JSON pointers (RFC 6901) into a submission's content."""

from __future__ import annotations

from typing import Any


def resolves(document: Any, pointer: str) -> bool:
    """Whether `pointer` names a place in `document` (parsed JSON); the empty pointer names the whole of it."""
    if pointer and not pointer.startswith("/"):
        return False
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list) and name.isdecimal() and name.isascii() and int(name) < len(document):
            document = document[int(name)]
        else:
            return False
    return True
