"""Forms of a page, and what a browser sends of one that nobody filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_BUTTONS = ("submit", "button", "image", "reset")
_TICKED = ("radio", "checkbox")
BOUNDARY = "empty-form"


@dataclass
class EmptyForm:
    """A form that posts: `hidden` fields as they are, names of those that are typed into, are ticked, or take a file.

    `chosen`: lists, each with what it says by itself: nothing, or its first value where nothing is not offered.
    """

    action: str
    multipart: bool
    hidden: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether there is something to fill in: a form of buttons alone is complete as it is."""
        return bool(self.typed or self.ticked or self.files or self.chosen)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What is sent with every field empty and nothing ticked."""
        return [*self.hidden, *((name, "") for name in self.typed), *self.chosen.items()]

    def body(self) -> tuple[bytes, str]:
        """The same of a form that takes files, and no file; and its content type."""
        parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in self.fields]
        none = 'filename=""\r\nContent-Type: application/octet-stream\r\n\r\n'
        parts += [f'Content-Disposition: form-data; name="{name}"; {none}' for name in self.files]
        text = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{BOUNDARY}--\r\n"
        return text.encode(), f"multipart/form-data; boundary={BOUNDARY}"


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[EmptyForm] = []
        self._open: EmptyForm | None = None
        self._list: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._open = EmptyForm(given.get("action", ""), given.get("enctype") == "multipart/form-data")
            self.found.append(self._open)
        if tag == "option":
            self._offer(given.get("value", ""))
        name = given.get("name")
        if self._open is None or not name or "disabled" in given:
            return
        if tag == "select":
            self._list = name
        elif tag == "textarea":
            self._open.typed.append(name)
        elif tag == "input":
            self._take(name, given)

    def _take(self, name: str, given: dict[str, str]) -> None:
        assert self._open is not None
        kind = given.get("type", "text")
        if kind == "hidden":
            self._open.hidden.append((name, given.get("value", "")))
        elif kind in _TICKED:
            self._open.ticked.append(name)
        elif kind == "file":
            self._open.files.append(name)
        elif kind not in _BUTTONS:
            self._open.typed.append(name)

    def _offer(self, value: str) -> None:
        if self._open is not None and self._list is not None and (not value or self._list not in self._open.chosen):
            self._open.chosen[self._list] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._list = None
        if tag == "form":
            self._open = None


def empty_forms(html: str) -> Iterator[EmptyForm]:
    """Every form of a page that posts and asks for something."""
    reader = _Forms()
    reader.feed(html)
    yield from (form for form in reader.found if form.asks)
