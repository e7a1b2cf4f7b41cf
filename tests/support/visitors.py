"""Who looks at a running demonstration: a client per role, and where its pages are that only a running one has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx

from support.arrivals import ARRIVED, BY_MAIL, arrive

_MAIL = re.compile(r'href="/reminders/mailboxes/[^"/]+/(\d+)"')
_PERSON = re.compile(r'href="(/intake/people/[0-9a-f-]+)"')
#: A submission whose figures can be corrected, and that no journey needs.
_CORRECTED, _AT = "am", "/intake/api/periods/2026-Q2/submissions/am"


@contextmanager
def visitors(url: str, roles: Sequence[str], member: str = "vp") -> Iterator[dict[str | None, httpx.Client]]:
    """A client per role, signed in by the demonstration's one click; null is somebody who is not signed in.

    Those of `support.arrivals` come in by a mailed link.
    """
    headers = {"accept": "text/html", "origin": url}  # as a browser says with a post
    with ExitStack() as stack:
        clients = {
            role: stack.enter_context(httpx.Client(base_url=url, headers=headers, follow_redirects=True, timeout=30))
            for role in (None, *roles)
        }
        for role in roles:
            if role in BY_MAIL:
                with visitors(url, ("coordinator", "member")) as helped:
                    arrive(clients[role], [helped["coordinator"], helped["member"]], chosen=role == ARRIVED)
                continue
            form = {"role": role, "member": member}
            answer = clients[role].post("/intake/demonstration/session", data=form, follow_redirects=False)
            assert answer.status_code == 303, answer.text
        yield clients


def examples_made(people: Mapping[str | None, Any], mailbox: str) -> dict[str, str]:
    """What stands for placeholders in addresses.

    `{mail}`: a mail that arrived there; `{person}`: a member's helper; `{waiting}`: a correction nobody has decided.
    """
    box = people["coordinator"].get(mailbox).text
    helper = {"name": "Statistikas nodaļa", "address": "statistika@vp.example", "sections": "activities"}
    people["member"].post("/intake/people", data=helper)
    listed = people["member"].get("/intake/people").text
    mail, person = _MAIL.search(box), _PERSON.search(listed)
    assert mail is not None, box
    assert person is not None, listed
    return {"{mail}": mail[1], "{person}": person[1], "{waiting}": _correction(people)}


def _correction(people: Mapping[str | None, Any]) -> str:
    """The number of the version that corrects a figure and waits; it is sent unless somebody did."""
    with visitors(str(people["member"].base_url).rstrip("/"), ("member",), _CORRECTED) as focal:
        client = focal["member"]
        known = client.get(_AT).json()
        if known["pending_version"] is None:
            version = client.get(f"{_AT}/versions/{known['accepted_version']}").json()
            figure = {name: code for name, code in version["content"]["observations"][0].items() if code is not None}
            old, reason = figure.pop("value"), {"lv": "Precizēts pēc žurnāla", "en": "Checked with the register"}
            item = {"observation": figure, "old": old, "new": old + 1, "reason": reason}
            seen = {"if-match": f'"{known["revision"]}"'}
            client.post(f"{_AT}/corrections", json={"items": [item]}, headers=seen)
            known = client.get(_AT).json()
        assert known["pending_version"] is not None, known
        return str(known["pending_version"])


def take_correction_back(people: Mapping[str | None, Any], made: Mapping[str, str]) -> None:
    """The correction that `examples_made` sent is withdrawn."""
    with visitors(str(people["member"].base_url).rstrip("/"), ("member",), _CORRECTED) as focal:
        client = focal["member"]
        seen = {"if-match": f'"{client.get(_AT).json()["revision"]}"'}
        answer = client.post(f"{_AT}/versions/{made['{waiting}']}/withdraw", headers=seen)
        assert answer.status_code == 200, answer.text
