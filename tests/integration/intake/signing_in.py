"""People who sign in: browsers with cookies of their own, and the mail server that their links arrive at."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from data_catalogue import institutions
from nrem_intake.app import BLUEPRINT
from nrem_intake.settings import IntakeSettings
from nrem_shared.runtime.identity.cache import TOKEN_COOKIE
from nrem_shared.runtime.identity.tokens import TokenVerifier
from nrem_shared.runtime.service import Service
from support.eventually import eventually
from support.running import ADDRESS, Running, running
from support.signing import Signing

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
VP, OTHER = "anna@vp.example", "stranger@elsewhere.example"


@dataclass
class Post:
    """A mail server: keeps what it takes; `refusing` answers the next mails with 451."""

    port: int
    taken: list[tuple[str, Any]] = field(default_factory=list)
    refusing: int = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refusing:
            self.refusing -= 1
            return "451 later"
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        self.taken += [(str(to), message) for to in envelope.rcpt_tos]
        return "250 kept"

    async def link(self, address: str, number: int = 0) -> str:
        """The link in the `number`-th mail that arrived at an address: its path and query."""

        async def arrived() -> bool:
            return len(self._at(address)) > number

        await eventually(arrived)
        text = self._at(address)[number].get_body(("plain",)).get_content()
        found = re.search(r"http\S+/intake/sign-in/link\?key=\S+", text)
        assert found, text
        parts = urlsplit(found[0])
        return f"{parts.path}?{parts.query}"

    async def link_in_newest(self, address: str) -> str:
        """The link in the newest mail at an address that has one."""

        async def arrived() -> str | None:
            texts = [message.get_body(("plain",)).get_content() for message in reversed(self._at(address))]
            found = [found[0] for text in texts if (found := re.search(r"/intake/sign-in/link\?key=\S+", text))]
            return found[0] if found else None

        return str(await eventually(arrived))

    def _at(self, address: str) -> list[Any]:
        return [message for to, message in self.taken if to == address]


@asynccontextmanager
async def listening(port: int = 0) -> AsyncIterator[Post]:
    """A mail server on loopback until the end of the block."""
    post = Post(port)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, loop=loop, hostname="mail.example"), "127.0.0.1", port)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class Browser:
    """A browser with its own cookies; it says where its posts come from, as browsers do."""

    http: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def post(self, path: str, **form: Any) -> httpx.Response:
        return await self.http.post(path, data=form, headers={"Origin": ADDRESS})

    async def ask(self, address: str, **form: str) -> httpx.Response:
        """Ask for a link."""
        return await self.post("/intake/sign-in", address=address, **form)

    async def press(self, link: str) -> httpx.Response:
        """Open a link and press the button on its page."""
        assert (await self.get(link)).status_code == 200
        key = parse_qs(urlsplit(link).query)["key"][0]
        return await self.post("/intake/sign-in/link", key=key)

    async def sign_in(self, post: Post, address: str) -> httpx.Response:
        """From the form to where the link leads; the newest mail counts."""
        before = len(post._at(address))
        answer = await self.ask(address)
        assert answer.status_code == 303, answer.text
        return await self.press(await post.link(address, before))

    def cookie(self, name: str) -> str | None:
        return next((one.value for one in self.http.cookies.jar if one.name == name), None)

    @property
    def token(self) -> str | None:
        return self.cookie(TOKEN_COOKIE)


@dataclass(frozen=True)
class House:
    """Intake as it runs for people: institutions, contacts, mail."""

    service: Running
    signing: Signing
    post: Post

    def coordinator(self) -> dict[str, str]:
        return {**self.signing.bearer("coordinator", member="iem"), "Accept-Language": "en"}

    @asynccontextmanager
    async def browser(self, agent: str = FIREFOX) -> AsyncIterator[Browser]:
        async with client_of(self.service.service, agent) as http:
            yield Browser(http)

    async def contact(self, member: str, role: str, address: str, language: str = "en") -> httpx.Response:
        body = {"address": address, "language": language, "illustrative": True}
        path = f"/intake/api/members/{member}/contacts/{role}"
        answer = await self.service.client.put(path, json=body, headers=self.coordinator())
        assert answer.status_code == 200, answer.text
        return answer

    async def journal(self) -> list[str]:
        """Everything that the journal's rows say, as text."""
        rows = await self.service.runtime.pool.fetch(
            "select type, subject, actor, payload from facts.journal join facts.journal_payload using (position)"
        )
        return [" ".join(str(value) for value in row) for row in rows]


def client_of(service: Service, agent: str = FIREFOX) -> httpx.AsyncClient:
    """A client with cookies of its own, at intake's public path."""
    transport = httpx.ASGITransport(service.api, raise_app_exceptions=False, root_path="/intake")
    headers = {"Accept": "text/html", "Accept-Language": "en", "User-Agent": agent}
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS, timeout=30, headers=headers)


@asynccontextmanager
async def opened(settings_for: Any, signing: Any, **more: Any) -> AsyncIterator[House]:
    """Intake with a mail server of its own; the focal point of the State Police has an address."""
    async with listening() as post:
        given = {"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none", "key_pepper": "p" * 32,
                 "allowed_recipients": ("@vp.example", "@iem.example"), "public_url": "http://nrem.test"}  # fmt: skip
        settings = await settings_for("intake", settings_type=IntakeSettings, **{**given, **more})
        await signing.trust(settings)
        async with running(BLUEPRINT, settings, roles=("api",), root_path="/intake") as service:
            house = House(service, signing, post)
            body = [one.model_dump(mode="json") for one in institutions()]
            answer = await service.client.post("/intake/api/members", json=body, headers=house.coordinator())
            assert answer.status_code == 200, answer.text
            await house.contact("vp", "focal_point", VP)
            yield house


@pytest.fixture
async def house(settings_for, signing) -> AsyncIterator[House]:
    async with opened(settings_for, signing) as made:
        yield made


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    async with house.browser() as made:
        yield made


def claims(house: House, browser: Browser) -> Any:
    verifier = TokenVerifier("nrem-intake", {house.signing.issuer.kid: house.signing.issuer.public_jwk})
    assert browser.token
    return verifier.verify(browser.token)
