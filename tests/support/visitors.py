"""Who looks at a running demonstration: a client per role, and where its pages are that only a running one has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx

_MAIL = re.compile(r'href="/reminders/mailboxes/[^"/]+/(\d+)"')
_PERSON = re.compile(r'href="(/intake/people/[0-9a-f-]+)"')


@contextmanager
def visitors(url: str, roles: Sequence[str]) -> Iterator[dict[str | None, httpx.Client]]:
    """A client per role, signed in by the demonstration's one click; null is somebody who is not signed in."""
    headers = {"accept": "text/html", "origin": url}  # as a browser says with a post
    with ExitStack() as stack:
        clients = {
            role: stack.enter_context(httpx.Client(base_url=url, headers=headers, follow_redirects=True))
            for role in (None, *roles)
        }
        for role in roles:
            form = {"role": role, "member": "vp"} if role == "member" else {"role": role}
            clients[role].post("/intake/demonstration/session", data=form, follow_redirects=False)
        yield clients


def examples_made(people: Mapping[str | None, Any], mailbox: str) -> dict[str, str]:
    """What stands for `{mail}` and `{person}` in addresses: a mail that arrived there, and a member's helper."""
    box = people["coordinator"].get(mailbox).text
    helper = {"name": "Statistikas nodaļa", "address": "statistika@vp.example", "sections": "activities"}
    people["member"].post("/intake/people", data=helper)
    listed = people["member"].get("/intake/people").text
    mail, person = _MAIL.search(box), _PERSON.search(listed)
    assert mail is not None, box
    assert person is not None, listed
    return {"{mail}": mail[1], "{person}": person[1]}
