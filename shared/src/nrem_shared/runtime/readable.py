"""What nothing can keep or count with is refused at the edge, of every route of every service, with its place.

JSON and percent-encoding can carry NUL characters and halves of surrogate pairs, which neither a database's text nor
UTF-8 can; numbers larger than any column; and days whose neighbours no calendar has. No command has to think of them.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from fastapi import Request
from starlette.datastructures import FormData

from nrem_shared.runtime.problems import FieldError, Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
#: A day, an instant or a quarter that is not of the years 1900 to 2199.
_FAR_DAY = re.compile(r"(?!19|20|21)\d{4}-(?:Q[1-4]|\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)")
_LARGEST = 2**63
#: Looked for in the bytes of a body first: almost none has them, and then nothing else is done.
_SUSPECT = (b"\\u0000", b"\\ud", b"\\uD", b"\x00", b"%00", b"NaN", b"Infinity")
#: Written so that the search runs from digit to digit, not from byte to byte: every body goes through it.
_SUSPECT_DIGITS = re.compile(rb"[0-9]\d{3}(?:\d{15}|(?<!19..)(?<!20..)(?<!21..)-(?:Q|\d\d-\d\d))")
_SAID = {
    "no_text": ("This text has a character that cannot be kept.", "Leave out what came with a copied text."),
    "far_day": ("This day is not of our time.", "Give a day between 1900-01-01 and 2199-12-31."),
    "far_number": ("This number is too large to be kept.", "Give a smaller number."),
}


async def refuse_unreadable(request: Request) -> None:
    """Dependency of every route: raises the 422 problem with every place of such a value.

    In a path it is the name of nothing: the 404 problem.
    """
    if any(_fault(str(name)) for name in request.path_params.values()):
        raise Problem.not_found("There is nothing of this name.")
    errors = [*_in_query(request), *await _in_body(request)]
    if errors:
        raise Problem.invalid(errors, "The request has values that cannot be kept")


def unreadable_in(body: bytes, document: Any) -> list[FieldError]:
    """What cannot be kept of a JSON body and of the document that was read from it."""
    return list(_errors(document)) if _suspect(body) else []


def _errors(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[FieldError]:
    if code := _fault(value):
        yield _error(_pointer(at), code)
    elif isinstance(value, dict):
        for name, below in value.items():
            if _NO_TEXT.search(name):
                yield _error(_pointer((*at, name)), "no_text")
            yield from _errors(below, (*at, name))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _errors(below, (*at, index))


def _suspect(body: bytes) -> bool:
    if not body:
        return False
    for sign in _SUSPECT:
        if sign in body:
            return True
    return _SUSPECT_DIGITS.search(body) is not None


def _fault(value: Any) -> str:
    """Why a single value cannot be kept; empty where it can."""
    if isinstance(value, str):
        return "no_text" if _NO_TEXT.search(value) else "far_day" if _FAR_DAY.fullmatch(value) else ""
    if isinstance(value, float) and not math.isfinite(value):
        return "far_number"
    return "far_number" if isinstance(value, int | float) and not -_LARGEST <= value < _LARGEST else ""


def _in_query(request: Request) -> Iterator[FieldError]:
    for name, value in _pairs(request.scope["query_string"]):
        if code := _fault(name) or _fault(value):
            yield _error(f"query:{_printable(name)}", code)


async def _in_body(request: Request) -> list[FieldError]:
    """Of what the framework has read already, and of what a page's own handler is about to read.

    A route that reads JSON or a file itself says itself what it cannot keep.
    """
    form = getattr(request, "_form", None)
    if isinstance(form, FormData):
        return _of_fields((name, value) for name, value in form.multi_items() if isinstance(value, str))
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return _of_fields(_pairs(await request.body()))
    return unreadable_in(await request.body(), await request.json()) if hasattr(request, "_json") else []


def _of_fields(fields: Iterable[tuple[str, str]]) -> list[FieldError]:
    return [_error(_pointer([name]), code) for name, value in fields if (code := _fault(name) or _fault(value))]


def _pairs(encoded: bytes) -> Iterator[tuple[str, str]]:
    if _suspect(encoded):
        for item in encoded.decode("latin-1").split("&"):
            name, _, value = item.partition("=")
            yield unquote_plus(name), unquote_plus(value)


def _pointer(parts: Iterable[str | int]) -> str:
    return pointer(_printable(part) for part in parts)


def _printable(part: str | int) -> str:
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", str(part))


def _error(at: str, code: str) -> FieldError:
    return FieldError(at, code, *_SAID[code])
