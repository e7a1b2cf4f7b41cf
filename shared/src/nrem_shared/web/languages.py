"""Which language a page is shown in: the address, then the cookie, then the browser, then Latvian."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

LATVIAN: Final = "lv"
ENGLISH: Final = "en"
PSEUDO: Final = "qps"
"""Pseudo-locale for tests and demonstrations: English, every message lengthened and in ``[!…!]``.

Text without brackets was not in a catalogue, or was submitted by somebody (then ``translate="no"`` says so).
"""

LANGUAGES: Final = (LATVIAN, ENGLISH)
COOKIE: Final = "nrem_lang"
PARAMETER: Final = "lang"
_YEAR_IN_SECONDS: Final = 365 * 24 * 3600
_NAMES: Final = {LATVIAN: "Latviešu", ENGLISH: "English"}


@dataclass(frozen=True)
class LanguageLink:
    """One entry of the language switch: ``name`` in its own language, ``href`` None for the language in use."""

    code: str
    name: str
    href: str | None


def choose_language(request: Request, available: Sequence[str] = LANGUAGES) -> str:
    """The language for this request; one of ``available``."""
    asked = request.query_params.get(PARAMETER, "")
    if asked in available:
        return asked
    remembered = request.cookies.get(COOKIE, "")
    if remembered in available:
        return remembered
    return _accepted(request.headers.get("accept-language", ""), available) or LATVIAN


def remember_language(request: Request, response: Response, available: Sequence[str] = LANGUAGES) -> None:
    """Keep a language that was asked for in the address in the cookie ``nrem_lang`` for a year."""
    asked = request.query_params.get(PARAMETER, "")
    if asked in available:
        response.set_cookie(
            COOKIE,
            asked,
            max_age=_YEAR_IN_SECONDS,
            path="/",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )


def language_links(request: Request, current: str) -> tuple[LanguageLink, ...]:
    """The language switch for the address in use: same path and query, only ``lang`` changed."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != PARAMETER]

    def href(code: str) -> str:
        return f"{request.url.path}?{urlencode([*kept, (PARAMETER, code)])}"

    return tuple(LanguageLink(code, _NAMES[code], None if code == current else href(code)) for code in LANGUAGES)


def content_locale(language: str) -> str:
    """The locale whose formats and data labels ``language`` uses: English for the pseudo-locale."""
    return ENGLISH if language == PSEUDO else language


def _accepted(header: str, available: Sequence[str]) -> str | None:
    """The first of ``available`` by the weights of an Accept-Language header (RFC 9110, 12.5.4)."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        weight = parameter.strip().removeprefix("q=") or "1"
        if code in available and weight.replace(".", "", 1).isdigit() and float(weight) > 0:
            weighted.append((float(weight), code))
    return max(weighted, key=lambda item: item[0])[1] if weighted else None
