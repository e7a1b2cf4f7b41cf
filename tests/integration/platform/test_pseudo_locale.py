"""Every page in the pseudo-locale: no text of ours is outside the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import pytest
import yaml

from e2e.test_pages import ALL, AS_SENT, EXAMPLES, ROLES, PageRoute
from nrem_embedded.project_data import data_folder
from support.pseudo import untranslated
from support.visitors import examples_made, visitors

pytestmark = pytest.mark.timeout(600)

#: Names of languages are written in them.
_OWN_NAMES = frozenset({"Latviešu", "English"})
_SEPARATORS = re.compile(r"\s*[,;:·()–]\s*")
#: Codes (`M-2026-Q2`, `2026-Q1/iem/1`) and addresses.
_CODE = re.compile(r"^(?=.*[\d@])[\w.]+([-/_.@:]\w[\w.-]*)+$")

#: Everywhere: what institutions are called. File under `data/` → the fields whose texts somebody submitted.
_EVERYWHERE = {"members.yaml": {"code", "abbr", "lv", "en"}}
#: Where more of them stand: route → the same.
_THERE = {
    "/intake/periods/{period}/submissions/{member}/versions/{version}/redact": {
        "demo/submissions-2026-Q2.yaml": {"lv", "en"}
    },
    "/plan/deadlines": {"deadlines.yaml": {"source"}},
    "/plan/recommendations": {"recommendations.yaml": {"reference"}},
    "/statistics/years": {"history.yaml": {"source"}},
}


def texts_of(value: Any, fields: set[str]) -> Iterator[str]:
    """The texts that stand in these fields of a document, whole and in parts."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in fields and isinstance(inner, str):
                yield inner.strip()
                yield from _SEPARATORS.split(inner.strip())
            else:
                yield from texts_of(inner, fields)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, fields)


@cache
def document(name: str) -> Any:
    return yaml.safe_load((data_folder() / name).read_text())


def data_on(route: PageRoute) -> frozenset[str]:
    """What this page may show that is not ours to translate. A word of ours that is also one elsewhere is found."""
    files = [*_EVERYWHERE.items(), *_THERE.get(route.path, {}).items()]
    return frozenset(text for name, fields in files for text in texts_of(document(name), fields))


def is_data(text: str, known: frozenset[str]) -> bool:
    """Whether all of a text is data, codes and addresses."""
    if text in known:
        return True
    parts = [part for part in _SEPARATORS.split(text) if re.search(r"[^\W\d_]{2}", part)]
    return all(part in known or part in _OWN_NAMES or _CODE.match(part) for part in parts)


@pytest.fixture(scope="module")
def people(platform: Any) -> Iterator[dict[str | None, httpx.Client]]:
    with visitors(platform.url, ROLES) as signed_in:
        yield signed_in


@pytest.fixture(scope="module")
def made(people: dict[str | None, httpx.Client]) -> dict[str, str]:
    return examples_made(people, EXAMPLES["/reminders/mailboxes/{address}"])


@pytest.mark.parametrize("route", [r for r in ALL if r.path != AS_SENT], ids=lambda route: route.path)
def test_no_text_of_ours_is_outside_the_catalogues(
    people: dict[str | None, httpx.Client], made: dict[str, str], route: PageRoute
) -> None:
    address = EXAMPLES.get(route.path, route.path)
    for placeholder, value in made.items():
        address = address.replace(placeholder, value)
    answer = people[route.role].get(f"{address}{'&' if '?' in address else '?'}lang=qps")
    assert "text/html" in answer.headers["content-type"], address
    assert "[!" in answer.text, address
    known = data_on(route)
    assert [text for text in untranslated(answer.text) if not is_data(text, known)] == [], address


def test_pages_with_data_of_their_own_are_pages() -> None:
    assert {route.path for route in ALL} >= set(_THERE)
