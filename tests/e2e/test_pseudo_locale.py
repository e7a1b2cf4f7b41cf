"""Every page in the pseudo-locale: no text of ours is outside the catalogues. No browser: pages as they are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from e2e.test_pages import ALL, AS_SENT, EXAMPLES, ROLES, PageRoute
from nrem_embedded.project_data import data_folder
from support.pseudo import untranslated

#: Names of languages are written in them.
_OWN_NAMES = frozenset({"Latviešu", "English"})
_SEPARATORS = re.compile(r"\s*[,;:·()–]\s*")
#: Codes (`M-2026-Q2`, `2026-Q1/iem/1`) and addresses.
_CODE = re.compile(r"^[\w.]+([-/_.@:]\w[\w.-]*)+$")
_MAIL = re.compile(r'href="/reminders/mailboxes/[^"/]+/(\d+)"')


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield value.strip()
        yield from _SEPARATORS.split(value.strip())


def known_texts() -> frozenset[str]:
    """What the demonstration's data say: submitted or registered by somebody, not ours to translate."""
    files = sorted(data_folder().rglob("*.yaml"))
    return frozenset(text for file in files for text in texts_in(yaml.safe_load(file.read_text())))


def is_data(text: str, known: frozenset[str]) -> bool:
    """Whether all of a text is data, codes and addresses."""
    if text in known:
        return True
    parts = [part for part in _SEPARATORS.split(text) if re.search(r"[^\W\d_]{2}", part)]
    return all(part in known or part in _OWN_NAMES or _CODE.match(part) for part in parts)


@pytest.fixture(scope="module")
def known() -> frozenset[str]:
    return known_texts()


@pytest.fixture(scope="module")
def people(platform: Any) -> Iterator[dict[str | None, httpx.Client]]:
    """A client per role, signed in by the demonstration's one click."""
    opened = {role: httpx.Client(base_url=platform.url, follow_redirects=True) for role in (None, *ROLES)}
    for role, client in opened.items():
        if role:
            form = {"role": role, "member": "vp"} if role == "member" else {"role": role}
            client.post("/intake/demonstration/session", data=form, follow_redirects=False)
    yield opened
    for client in opened.values():
        client.close()


@pytest.fixture(scope="module")
def mail(people: dict[str | None, httpx.Client]) -> str:
    """The number of a mail that arrived at the example's address."""
    box = people["coordinator"].get(EXAMPLES["/reminders/mailboxes/{address}"]).text
    found = _MAIL.search(box)
    assert found, box
    return found[1]


@pytest.fixture(scope="module")
def person(people: dict[str | None, httpx.Client]) -> str:
    """The page of somebody who helps the example's member."""
    member = people["member"]
    helper = {"name": "Statistikas nodaļa", "address": "statistika@vp.example", "sections": "activities"}
    member.post("/intake/people", data=helper, headers={"accept": "text/html"})
    found = re.search(r'href="(/intake/people/[0-9a-f-]+)"', member.get("/intake/people").text)
    assert found
    return found[1]


@pytest.mark.parametrize("route", [r for r in ALL if r.path != AS_SENT], ids=lambda route: route.path)
def test_no_text_of_ours_is_outside_the_catalogues(
    people: dict[str | None, httpx.Client], mail: str, person: str, known: frozenset[str], route: PageRoute
) -> None:
    address = EXAMPLES.get(route.path, route.path).replace("{mail}", mail).replace("{person}", person)
    answer = people[route.role].get(
        f"{address}{'&' if '?' in address else '?'}lang=qps", headers={"accept": "text/html"}
    )
    assert "text/html" in answer.headers["content-type"], address
    assert "[!" in answer.text, address
    assert [text for text in untranslated(answer.text) if not is_data(text, known)] == [], address
