"""Somebody who types a whole report into the form, page by page, by nothing but what the pages offer."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx

from nrem_intake.reporting.domain.draft import ORDER
from nrem_intake.reporting.domain.entries import as_typed, written
from support.page_forms import Fields, PageForm

#: Method, address, fields of a form → the answer; redirects are not followed.
Ask = Callable[[str, str, Fields | None], Awaitable[httpx.Response]]

_NO_DIMENSIONS = frozenset({"indicator", "value", "empty", "comment"})


class NotOffered(AssertionError):
    """A page has no place for something that is to be reported."""


class Typist:
    """Types reports of one member; `path` is the address of the submission's page."""

    def __init__(self, ask: Ask, path: str) -> None:
        self._ask = ask
        self._report = f"{path}/report"

    async def type_in(self, content: Mapping[str, Any]) -> None:
        """Fill every section with what `content` says."""
        for section in ORDER:
            items = content.get(section) or []
            if section == "observations":
                await self._figures(items)
            else:
                await self._items(section, items)

    async def submit(self) -> httpx.Response:
        """Check the answers and submit; the answer leads to the receipt."""
        return await self._press(f"{self._report}/check", f"{self._report}/submit", {})

    async def _open(self, address: str, action: str) -> PageForm:
        answer = await self._ask("GET", address, None)
        assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("location"))
        form = PageForm(answer.text, action)
        if not form.found:
            errors = re.findall(r'<a href="[^"]*">([^<]*)</a>', answer.text)
            raise NotOffered(f"{address} has no form for {action}: {errors}")
        return form

    async def _press(self, address: str, action: str, values: Mapping[str, str]) -> httpx.Response:
        form = await self._open(address, action)
        answer = await self._ask("POST", action, form.filled(**values))
        assert answer.status_code == 303, _errors(answer)
        return answer

    async def _figures(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Each figure in the line that is meant for it, else in an empty one; more lines where there are too few."""
        if not rows:
            return
        at = f"{self._report}/sections/observations"
        left = list(rows)
        while left:
            form = await self._open(at, at)
            values, left = _placed(form, left)
            if not values:
                raise NotOffered(f"no line for {left[0]}")
            more = f"more:figures-{left[0]['indicator']}" if left else "continue"
            answer = await self._ask("POST", at, form.filled(**values, do=more))
            assert answer.status_code == 303, _errors(answer)

    async def _items(self, section: str, items: Sequence[Mapping[str, Any]]) -> None:
        at = f"{self._report}/sections/{section}"
        for place, item in enumerate(items):
            form = await self._open(at, at)
            place_of = _standing(form, section, item)
            address = at
            if place_of is None:
                kind = str(item.get("type", "one"))
                choice = {"type": kind} if "type" in form.offered else {}
                added = await self._ask("POST", at, form.filled(**choice, do="add"))
                assert added.status_code == 303, added.text[:500]
                address = added.headers["location"].partition("#")[0]
                form = await self._open(address, at)
                place_of = max(int(name.split("/")[2]) for name, _ in form.fields if name.startswith(f"/{section}/"))
            await self._fill(section, at, form, place_of, item, last=place == len(items) - 1)

    async def _fill(
        self, section: str, at: str, form: PageForm, place: int, item: Mapping[str, Any], *, last: bool
    ) -> None:
        """Fill one item; rows that are not there yet are asked for one after the other."""
        wanted = _wanted(form, section, place, item)
        there = {name for name, _ in form.fields} | form.offered.keys()
        now = {name: text for name, text in wanted.items() if name in there}
        later = wanted.keys() - now.keys()
        for name, text in now.items():
            if name in form.offered and text not in form.offered[name]:
                raise NotOffered(f"{name} does not offer {text!r}")
        if later and all(form.value(name) == text for name, text in now.items()):
            raise NotOffered(f"the form has no {sorted(later)}")
        do = f"more:/{section}/{place}" if later else ("continue" if last else "return")
        answer = await self._ask("POST", at, form.filled(**now, do=do))
        assert answer.status_code == 303, _errors(answer)
        if later:
            form = await self._open(at, at)
            again = _standing(form, section, item)
            assert again is not None, item
            await self._fill(section, at, form, again, item, last=last)


def _wanted(form: PageForm, section: str, place: int, item: Mapping[str, Any]) -> dict[str, str]:
    """Field → what to type. Partners of a joint project are not asked for; what is measured has rows of its own."""
    left_out = {"measured"} | ({"partners"} if item.get("type") == "JOINT_PROJECT" else set())
    plain = {name: value for name, value in item.items() if name not in left_out}
    at = f"/{section}/{place}"
    wanted = {f"{at}/{name.split('/', 3)[3]}": text for name, text in written(section, [plain])}
    for row in item.get("measured") or ():
        rows = (
            name
            for name, code in form.fields
            if re.fullmatch(rf"{at}/measured/\d+/indicator", name) and code == row["indicator"]
        )
        name = next(rows, None)
        if name is None:
            raise NotOffered(f"no row for {row['indicator']}")
        wanted[f"{name.removesuffix('indicator')}to_date"] = as_typed(row["to_date"])
    wanted = {_choice(form, name, text): text for name, text in wanted.items()}
    return {name: text for name, text in wanted.items() if not (text == "no" and form.offered.get(name) == {"yes"})}


def _errors(answer: httpx.Response) -> list[str]:
    found: list[str] = re.findall(r"govuk-error-message.*?</p>", answer.text, re.DOTALL)
    return found[:5] or [answer.text[:900]]


def _placed(form: PageForm, rows: list[Mapping[str, Any]]) -> tuple[dict[str, str], list[Mapping[str, Any]]]:
    """Field → value for the figures that have a line on this page, and those that have none."""
    lines: dict[str, dict[str, str]] = {}
    for name, value in form.fields:
        if name.startswith("/observations/"):
            at, _, field = name.rpartition("/")
            lines.setdefault(at, {})[field] = value
    values: dict[str, str] = {}
    left, taken = [], set()
    for row in rows:
        at = next((a for a, line in lines.items() if a not in taken and _is_for(line, row)), None)
        at = at or next((a for a, line in lines.items() if a not in taken and _is_free(line, row)), None)
        if at is None:
            left.append(row)
            continue
        taken.add(at)
        for name, value in row.items():
            if f"{at}/{name}" in {each for each, _ in form.fields} and name != "indicator":
                offered = form.offered.get(f"{at}/{name}")
                if offered is not None and str(value) not in offered:
                    raise NotOffered(f"{name} does not offer {value!r}")
                values[f"{at}/{name}"] = "" if value is None else str(value)
    return values, left


def _dimensions(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(code) for name, code in row.items() if name not in _NO_DIMENSIONS}


def _is_for(line: Mapping[str, str], row: Mapping[str, Any]) -> bool:
    wanted = _dimensions(row)
    if "cell" in line:
        key = "|".join(f"{name}={code}" for name, code in sorted(wanted.items()))
        return line["cell"] == f"{row['indicator']}:{key}"
    return line.get("indicator") == row["indicator"] and all(line.get(name) == code for name, code in wanted.items())


def _is_free(line: Mapping[str, str], row: Mapping[str, Any]) -> bool:
    return line.get("indicator") == row["indicator"] and not line.get("value") and not line.get("empty")


def _standing(form: PageForm, section: str, item: Mapping[str, Any]) -> int | None:
    """The place of the item on the page, where it stands or is proposed."""
    names = {"plan_progress": ("result", "on_behalf_of"), "funding": ("source", "purpose", "project_code")}.get(
        section, ("code",)
    )
    if section == "activities":
        names = ("project_code",) if item.get("project_code") else ("code", "type")
    places = sorted({int(name.split("/")[2]) for name, _ in form.fields if name.startswith(f"/{section}/")})
    for place in places:
        if all((form.value(f"/{section}/{place}/{n}") or "") == str(item.get(n) or "") for n in names):
            return place
    return None


def _choice(form: PageForm, name: str, text: str) -> str:
    """The checkbox of a list that stands for a code; other fields are called by their own names."""
    beginning, _, place = name.rpartition("/")
    if not place.isdecimal():
        return name
    boxes = (each for each, codes in form.offered.items() if each.rpartition("/")[0] == beginning and codes == {text})
    return next(boxes, name)


def encoded(fields: Fields) -> bytes:
    """As the body of a form's request."""
    return urlencode(fields).encode()
