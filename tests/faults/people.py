"""Those who use the platform: they repeat a request, with its Idempotency-Key, until they know what became of it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any
from uuid import uuid4

import httpx

from data_catalogue import DATA
from faults.book import Book, Meeting, Stream, Values
from faults.installation import Installation
from nrem_embedded.demonstration.reference_data import initial_data
from nrem_shared.contracts.members import InstitutionRegistered

MEMBERS = ("am", "vp", "vrs", "vdi", "bac", "pmlp", "tsb")
DESTINATIONS = ("ABROAD_SUPPORT", "SERVICE_PROVIDER", "SOCIAL_SERVICE")
PERIODS = tuple(f"{year}-Q{quarter}" for year in range(2026, 2030) for quarter in (1, 2, 3, 4))
#: A Saturday: mails that leave at once do, digests don't.
NOW = "2026-04-11T07:00:00+00:00"
_PATIENCE = 90.0  # seconds
_TEXT = {"lv": "Pārskatīts", "en": "Looked at again"}


class People:
    """Every request that was acknowledged stands in the book."""

    def __init__(self, installation: Installation, book: Book) -> None:
        self.installation = installation
        self.book = book
        self._http = httpx.AsyncClient(
            trust_env=False, timeout=60, limits=httpx.Limits(max_connections=64, keepalive_expiry=1)
        )

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    def url(self, service: str, path: str) -> str:
        """An address of a service's API."""
        return self.installation.roles[f"{service}:api"].url + path

    async def once(self, service: str, path: str, who: str, body: Any, **headers: str) -> httpx.Response:
        """One request; raises httpx.TransportError where nobody answers."""
        signing = self.installation.signing
        roles = ("coordinator", "operator") if who == "iem" else ("member",)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        method = "GET" if body is None else "POST"
        mine = {**signing.bearer(*roles, member=who), "Accept-Language": "en", **named}
        return await self._http.request(method, self.url(service, path), json=body, headers=mine)

    async def ask(self, service: str, path: str, who: str, body: Any, **headers: str) -> httpx.Response:
        """The answer, however often it takes: an answer of "not now" or none at all is no answer."""
        deadline, tries = time.monotonic() + _PATIENCE, 0
        while True:
            tries += 1
            try:
                answer = await self.once(service, path, who, body, **headers)
            except httpx.TransportError as error:
                last: object = error
            else:
                if answer.status_code not in (429, 503):
                    self.book.repeated += tries > 1 and "idempotency-replayed" in answer.headers
                    return answer
                assert "retry-after" in answer.headers, answer.text
                last = answer.text
            assert time.monotonic() < deadline, f"{path}: no answer within {_PATIENCE} s: {last!r}"
            await asyncio.sleep(0.1)

    async def _command(self, stream: Stream, path: str, who: str, body: Any, status: int) -> None:
        headers = {"Idempotency_Key": str(uuid4())}
        if stream.facts:
            headers["If_Match"] = f'"{len(stream.facts)}"'
        whole = f"/api/periods/{stream.period}/submissions/{stream.member}{path}"
        answer = await self.ask("intake", whole, who, body, **headers)
        assert answer.status_code == status, f"{whole}: {answer.status_code} {answer.text}"

    async def submit(self, stream: Stream, values: Values) -> None:
        """The first version, or the next one after a return."""
        observations = [observation(destination, people) for destination, people in values.items()]
        await self._command(stream, "", stream.member, {"observations": observations}, 201)
        self.book.submitted(stream, values)

    async def correct(self, stream: Stream, destination: str, people: int) -> None:
        """A correction of one figure that was accepted."""
        assert stream.accepted is not None
        known = stream.versions[stream.accepted - 1].values
        item = {
            "observation": {k: v for k, v in observation(destination, 0).items() if k != "value"},
            "old": {"value": known[destination]},
            "new": {"value": people},
            "reason": _TEXT,
        }
        await self._command(stream, "/corrections", stream.member, {"items": [item]}, 201)
        self.book.submitted(stream, {**known, destination: people})

    async def accept(self, stream: Stream) -> None:
        """The coordinator accepts what waits."""
        await self._command(stream, f"/versions/{len(stream.versions)}/accept", "iem", {}, 200)
        self.book.decided(stream, "accepted")

    async def return_(self, stream: Stream) -> None:
        """The coordinator returns what waits."""
        body = {"reasons": [{"at": "/observations/0/value", "text": _TEXT}]}
        await self._command(stream, f"/versions/{len(stream.versions)}/return", "iem", body, 200)
        self.book.decided(stream, "returned")

    async def withdraw(self, stream: Stream) -> None:
        """The member takes back what waits."""
        await self._command(stream, f"/versions/{len(stream.versions)}/withdraw", stream.member, {}, 200)
        self.book.decided(stream, "withdrawn")

    async def rename(self, member: str) -> None:
        """An institution's registration changes: every service hears of it."""
        known = (await self.ask("intake", f"/api/members/{member}", "iem", None)).json()
        fields = InstitutionRegistered.model_fields
        changed = {name: known[name] for name in fields if name in known}
        changed["abbreviation"] = f"{member.upper()}{uuid4().hex[:4]}"
        answer = await self.ask("intake", "/api/members", "iem", [changed])
        assert answer.is_success, answer.text

    async def record_history(self) -> None:
        """Statistics decides something of its own: a historical series, with a word changed."""
        series = initial_data(DATA).history
        series["breaks"][0]["text"] = {"lv": uuid4().hex, "en": uuid4().hex}
        answer = await self.ask("statistics", "/api/history", "iem", series)
        assert answer.status_code == 201, answer.text

    async def call(self, code: str, starts_at: str) -> None:
        """A meeting is called; the second answer to a repeated call is that the code is taken."""
        body = {"code": code, "about": PERIODS[0], "starts_at": starts_at, "agenda": [_agenda()]}
        answer = await self.ask("plan-tracker", "/api/meetings", "iem", body)
        assert answer.status_code in (201, 409), answer.text
        self.book.meetings[code] = Meeting(code, starts_at)

    async def move(self, meeting: Meeting, starts_at: str) -> None:
        """Moved to another date. The command has no key: whoever got no answer looks before asking again."""
        path, body = f"/api/meetings/{meeting.code}", {"starts_at": starts_at}
        moved = False
        while not moved:
            with contextlib.suppress(httpx.TransportError):
                answer = await self.once("plan-tracker", f"{path}/move", "iem", body)
                assert answer.status_code in (201, 429, 503), answer.text
            known = (await self.ask("plan-tracker", path, "iem", None)).json()
            moved = known["revision"] == meeting.moves + 2
            assert moved or known["revision"] == meeting.moves + 1, known
        meeting.moves += 1
        meeting.starts_at = starts_at


def observation(destination: str, people: int) -> dict[str, Any]:
    """One figure: women referred to `destination`."""
    return {
        "indicator": "VICT_REFERRED",
        "sex": "F",
        "age_group": "ADULT",
        "destination": destination,
        "value": people,
    }


def _agenda() -> dict[str, Any]:
    return {"item": 1, "kind": "STANDING", "text": {"lv": "Dažādi", "en": "Any other business"}}
