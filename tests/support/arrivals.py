"""Coming in by the mailed link, without a browser: somebody whose address stands for several offices."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import httpx

#: Who has opened the link and not yet chosen whom to be; and who has chosen. Names beside those of roles.
ARRIVING, ARRIVED = "arriving", "arrived"
BY_MAIL = frozenset({ARRIVING, ARRIVED})

_LETTER = re.compile(r'href="(/reminders/mailboxes/[^"/]+/\d+)"')
_KEY = re.compile(r"/intake/sign-in/link\?key=([\w-]+)")
_STANDING = re.compile(r'name="standing"[^>]* value="([^"]+)"')
_SECONDS = 30


def arrive(client: httpx.Client, helped: list[httpx.Client], *, chosen: bool) -> None:
    """Sign `client` in as somebody who helps the institutions of all of `helped`: an address of its own each time."""
    address = f"analitika-{uuid4().hex[:8]}@vp.example"
    for who in helped:
        person = {"name": "Analītikas nodaļa", "address": address, "sections": "activities"}
        answer = who.post("/intake/people", data=person)
        assert answer.status_code == 200, answer.text
    client.post("/intake/sign-in", data={"address": address, "next": "/intake/account"})
    asked = client.post("/intake/sign-in/link", data={"key": _mailed(client, address)})
    standing = _STANDING.search(asked.text)
    assert standing is not None, asked.text
    if chosen:
        done = client.post("/intake/sign-in/role", data={"standing": standing[1]})
        assert done.url.path == "/intake/account", done.url


def _mailed(client: httpx.Client, address: str) -> str:
    """The key of the link that arrives in this mailbox."""
    deadline = time.monotonic() + _SECONDS
    while True:
        for letter in _LETTER.findall(client.get(f"/reminders/mailboxes/{address}").text):
            if key := _KEY.search(client.get(f"{letter}/html").text):
                return key[1]
        assert time.monotonic() < deadline, "no mail arrived"
