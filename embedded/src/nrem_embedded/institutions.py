"""Speaking to the platform's HTTP APIs as any of the institutions, each with its own key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from nrem_embedded.demonstration.steps import COORDINATOR
from nrem_embedded.platform.state import InstitutionKey

#: Tokens live five minutes; they are renewed a minute before.
_RENEW_AFTER = 240.0
_SETTLE_LIMIT = 60.0

Headers = Mapping[str, str]


class ApiError(Exception):
    """An API did not do what was asked; carries its answer."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.problem = _problem(response)
        request = response.request
        super().__init__(f"{request.method} {request.url.path}: {response.status_code} {self.detail}")

    @property
    def detail(self) -> str:
        """The problem's sentence, and its errors."""
        errors = "; ".join(f"{e['pointer']}: {e['detail']}" for e in self.problem.get("errors", ())[:5])
        text = str(self.problem.get("detail") or self.problem.get("error_description") or "")
        return f"{text} {errors}".strip()


class Unreachable(Exception):
    """Nothing answers at the platform's address."""


class NotSettled(Exception):
    """A service did not catch up with what had happened before."""


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {"detail": response.text[:300]}
    return found if isinstance(found, dict) else {"detail": str(found)[:300]}


@dataclass
class _Token:
    value: str
    until: float


class Institutions:
    """Everybody's way in: connections are reused, tokens are kept until shortly before they expire.

    `keys` maps who → key; it may grow while this is in use. A `token` got elsewhere is used in place of all of them.
    """

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, InstitutionKey], *, token: str = "") -> None:
        self._http = http
        self._keys = keys
        self._given_token = token
        self._tokens: dict[str, _Token] = {}
        self._renewing: dict[str, asyncio.Lock] = {}

    async def ask(
        self,
        who: str,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Headers | None = None,
    ) -> httpx.Response:
        """The answer, whatever it is. Raises Unreachable, and ApiError where the key itself is refused."""
        authorization = {"authorization": f"Bearer {await self._token(who)}"}
        body = {"json": json} if content is None else {"content": content}
        return await self._send(method, path, **body, headers={**(headers or {}), **authorization})

    async def do(
        self, who: str, method: str, path: str, *, json: Any = None, headers: Headers | None = None
    ) -> httpx.Response:
        """The answer; raises ApiError for any but success."""
        response = await self.ask(who, method, path, json=json, headers=headers)
        if not response.is_success:
            raise ApiError(response)
        return response

    async def settle(self, after: str) -> None:
        """Wait until every service knows what `after` (values of Nrem-After) names. Raises NotSettled."""
        deadline = time.monotonic() + _SETTLE_LIMIT
        while True:
            response = await self._send("GET", "/demonstration/settled", headers={"nrem-after": after})
            if response.status_code == httpx.codes.NO_CONTENT:
                return
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                raise ApiError(response)
            if time.monotonic() > deadline:
                raise NotSettled(_problem(response).get("detail") or "the services do not catch up")

    async def reminded(self, instant: datetime) -> None:
        """Wait until everything that reminders plan up to `instant` was decided and tried. Raises NotSettled."""
        deadline = time.monotonic() + _SETTLE_LIMIT
        path = f"/reminders/api/settled?{urlencode({'instant': instant.isoformat()})}"
        while not (answer := (await self.do(COORDINATOR, "GET", path)).json())["settled"]:
            if time.monotonic() > deadline:
                held = f"held: {answer['held']}; " if answer["held"] else ""
                raise NotSettled(f"reminders of {instant.isoformat()} are not settled ({held}{answer['waiting']} wait)")

    async def _token(self, who: str) -> str:
        if self._given_token:
            return self._given_token
        async with self._renewing.setdefault(who, asyncio.Lock()):
            known = self._tokens.get(who)
            if known is None or time.monotonic() > known.until:
                known = self._tokens[who] = await self._new_token(self._keys[who])
            return known.value

    async def _new_token(self, key: InstitutionKey) -> _Token:
        until = time.monotonic() + _RENEW_AFTER
        form = {"grant_type": "client_credentials", "client_id": key.member, "client_secret": key.secret}
        response = await self._send("POST", "/intake/api/oauth/token", data=form)
        if not response.is_success:
            raise ApiError(response)
        return _Token(response.json()["access_token"], until)

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return await self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise Unreachable(
                f"nothing answers at {self._http.base_url}: {str(error) or type(error).__name__}"
            ) from error


def http_client(url: str) -> httpx.AsyncClient:
    """A client for the platform at `url`; answers are asked for in English."""
    return httpx.AsyncClient(
        base_url=url,
        timeout=httpx.Timeout(30.0, connect=5.0),
        limits=httpx.Limits(max_connections=16, keepalive_expiry=60.0),
        headers={"accept": "application/json", "accept-language": "en"},
        trust_env=False,
    )
