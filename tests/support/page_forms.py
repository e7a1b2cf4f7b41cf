"""Forms of pages as a browser without scripts sees them: what it would send as they stand, and what can be chosen."""

from __future__ import annotations

from html.parser import HTMLParser

Fields = list[tuple[str, str]]


class PageForm(HTMLParser):
    """The form of a page that posts to `action`. `fields` = what a browser sends of it, buttons apart.

    `offered` says for each select which values it has, and for each checkbox its one.
    """

    def __init__(self, text: str, action: str) -> None:
        super().__init__()
        self._action, self._inside = action, False
        self._select: str | None = None
        self._area = False
        self.found = False
        self.fields: Fields = []
        self.offered: dict[str, set[str]] = {}
        self.feed(text)

    def value(self, name: str) -> str | None:
        """What stands in a field."""
        return next((value for each, value in self.fields if each == name), None)

    def filled(self, **values: str) -> Fields:
        """The fields with some values put in, over what stood there."""
        left = dict(values)
        return [(name, left.pop(name, value)) for name, value in self.fields] + list(left.items())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a control in."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("action") == self._action
            self.found = self.found or self._inside
        if not self._inside:
            return
        if tag == "input" and "name" in given:
            if given.get("type") == "checkbox":
                self.offered.setdefault(given["name"], set()).add(given["value"])
            if given.get("type") != "checkbox" or "checked" in given:
                self.fields.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self._select = given["name"]
            self.offered[self._select] = set()
            self.fields.append((self._select, ""))
        elif tag == "option" and self._select:
            self.offered[self._select].add(given.get("value", ""))
            if "selected" in given:
                self.fields[-1] = (self._select, given.get("value", ""))
        elif tag == "textarea":
            self._area = True
            self.fields.append((given["name"], ""))

    def handle_endtag(self, tag: str) -> None:
        """A control or the form ends."""
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = False

    def handle_data(self, data: str) -> None:
        """Text of a text area; HTML drops the line end that it begins with."""
        if self._area:
            name, value = self.fields[-1]
            self.fields[-1] = (name, value + (data.removeprefix("\n") if not value else data))
