"""Text on a page that came from no catalogue: in the pseudo-locale every message stands in `[!…!]`."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_WORD = re.compile(r"[^\W\d_]{2}")
_BRACKET = re.compile(r"(\[!|!\])")

#: Elements whose text nobody reads, or that somebody else wrote, or that are drawn.
_PASSED_OVER = frozenset({"script", "style", "textarea", "svg", "code"})
#: Of these, what is no text of the page at all.
_UNREAD = frozenset({"script", "style", "svg"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_READ_ALOUD = ("aria-label", "alt", "title", "placeholder")


class _Reader(HTMLParser):
    """Collects what stands outside brackets and outside `translate="no"`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.passed_over: list[str] = []
        self.depth = 0
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        passed = self._passed_over or tag in _PASSED_OVER or given.get("translate") == "no"
        if not passed:
            for name in _READ_ALOUD:
                self.found += outside(given.get(name) or "")
            if tag == "meta" and given.get("name") == "description":
                self.found += outside(given.get("content") or "")
        if tag not in _VOID:
            self._open.append((tag, passed))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, _ = self._open.pop()
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        for part in _BRACKET.split(data):
            if part == "[!":
                self.depth += 1
            elif part == "!]":
                self.depth -= 1
            elif self.depth == 0 and _WORD.search(part):
                self._outside(part)

    def _outside(self, text: str) -> None:
        if not self._passed_over:
            self.found.append(text.strip())
        elif not any(tag in _UNREAD for tag, _ in self._open):
            self.passed_over.append(" ".join(text.split()))

    @property
    def _passed_over(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def outside(text: str) -> list[str]:
    """What of a text stands outside brackets and has words."""
    reader = _Reader()
    reader.handle_data(text)
    return reader.found


def untranslated(html: str) -> list[str]:
    """Every visible text of a page that is in no brackets and not marked as submitted."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [*reader.found, *([f"{reader.depth} brackets are left open"] if reader.depth else [])]


def passed_over(html: str) -> list[str]:
    """Every text of a page in no brackets that is not looked at: marked as a code, or as somebody's own words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.passed_over
