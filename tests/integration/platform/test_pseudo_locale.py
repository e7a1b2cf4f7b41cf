"""Every page in the pseudo-locale: no text of ours is outside the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest
import yaml

from e2e.other_views import OTHERS, OtherView, other_views
from e2e.test_pages import ALL, AS_SENT, EXAMPLES, PEOPLE, PageRoute, address_of
from nrem_embedded.project_data import data_folder
from support.pseudo import passed_over, untranslated
from support.visitors import examples_made, take_correction_back, visitors

pytestmark = pytest.mark.timeout(600)

#: Names of languages are written in them.
_OWN_NAMES = frozenset({"Latviešu", "English"})
_SEPARATORS = re.compile(r"\s*(?:[,;:·()–]|^\d+\.(?= )|\.$)\s*")
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


def data_on(path: str) -> frozenset[str]:
    """What this page may show that is not ours to translate. A word of ours that is also one elsewhere is found."""
    files = [*_EVERYWHERE.items(), *_THERE.get(path, {}).items()]
    return frozenset(text for name, fields in files for text in texts_of(document(name), fields))


def is_data(text: str, known: frozenset[str]) -> bool:
    """Whether all of a text is data, codes and addresses."""
    if text in known:
        return True
    parts = [part for part in _SEPARATORS.split(text) if re.search(r"[^\W\d_]{2}", part)]
    return all(part in known or part in _OWN_NAMES or _CODE.match(part) for part in parts)


#: A mail is shown in the language in which it was sent.
AS_IT_CAME = "/reminders/mailboxes/{address}"
#: Marked as somebody else's: what visitors typed, how far topics are read, names of formats, records and languages.
_TYPED = frozenset({"Analītikas nodaļa", "Statistikas nodaļa", "Precizēts pēc žurnāla", "Checked with the register"})
_MARKED = re.compile(
    r"nrem\.[\w.-]+ [\d.,]+ s( · nrem\.[\w.-]+ [\d.,]+ s)*"
    r"|(OpenAPI|AsyncAPI|Latviešu|English|sending)"
    r"|[0-9a-f]{8,}|([A-Z2-7]{4} ?){8}|[a-z]+(_[a-z]+)+|\w+:\w+/[\w:-]+"
)


@cache
def submitted() -> frozenset[str]:
    """Every text that is data, whole and in parts."""
    files = [path.relative_to(data_folder()) for path in data_folder().rglob("*.yaml")]
    return frozenset(" ".join(text.split()) for name in files for text in every_text(document(str(name))))


def every_text(value: Any) -> Iterator[str]:
    """The texts of a document, with its names: codes are some of them."""
    if isinstance(value, str):
        yield value
        yield from _SEPARATORS.split(value)
    elif isinstance(value, dict | list):
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from every_text(inner)


def is_submitted(text: str) -> bool:
    """Whether what a page marks as not ours is data, a code, or what a visitor typed."""
    plain = text.strip("–() ")
    return plain in submitted() | _TYPED or _MARKED.fullmatch(plain) is not None or is_data(plain, submitted())


@pytest.fixture(scope="module")
def people(platform: Any) -> Iterator[dict[str | None, httpx.Client]]:
    with visitors(platform.url, sorted({*PEOPLE, *OTHERS})) as signed_in:
        yield signed_in


@pytest.fixture(scope="module")
def made(people: dict[str | None, httpx.Client]) -> Iterator[dict[str, str]]:
    found = examples_made(people, EXAMPLES["/reminders/mailboxes/{address}"])
    yield found
    take_correction_back(people, found)


@pytest.mark.parametrize("route", [r for r in ALL if r.path != AS_SENT], ids=lambda route: route.path)
def test_no_text_of_ours_is_outside_the_catalogues(
    people: dict[str | None, httpx.Client], made: dict[str, str], route: PageRoute
) -> None:
    looked_at(people[route.role], route.path, address_of(route.path, made))


@pytest.mark.parametrize("view", list(other_views()), ids=str)
def test_no_text_of_ours_is_outside_the_catalogues_for_others(
    people: dict[str | None, httpx.Client], made: dict[str, str], view: OtherView
) -> None:
    looked_at(people[view.role], view.path, view.address or address_of(view.path, made))


def looked_at(client: httpx.Client, path: str, address: str) -> None:
    """The page is there, and all of its text is from the catalogues or is data."""
    answer = client.get(f"{address}{'&' if '?' in address else '?'}lang=qps")
    assert answer.status_code == (int(address.rpartition("/")[2]) if "/problem/" in address else 200), address
    assert "text/html" in answer.headers["content-type"], address
    assert "[!" in answer.text, address
    assert unquote(answer.url.path) == urlsplit(address).path, f"{address} leads on to {answer.url}"
    known = data_on(path)
    assert [text for text in untranslated(answer.text) if not is_data(text, known)] == [], address
    if not path.startswith(AS_IT_CAME):
        assert [text for text in passed_over(answer.text) if not is_submitted(text)] == [], address


def test_pages_with_data_of_their_own_are_pages() -> None:
    assert {route.path for route in ALL} >= set(_THERE)
