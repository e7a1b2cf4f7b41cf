"""A mail server that wants TLS and a password, and an installation that may not write to everybody."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integration.notifier.stage import Stage
from integration.notifier.test_mails import at, opened
from nrem_notifier.app import BLUEPRINT
from nrem_notifier.ledger.passes import Passes
from nrem_notifier.mail.delivery import Delivery
from nrem_notifier.settings import NotifierSettings
from nrem_shared.runtime.mail.allowed import AllowList
from nrem_shared.runtime.mail.smtp import Connection, Server
from support.running import running

USER, PASSWORD = "nrem", "correct horse"
SENDER = "nrem@iem.example"
CONTENT = b"Subject: a test\r\n\r\nText.\r\n"


@dataclass
class Authority:
    """A certificate for 127.0.0.1, signed by itself, and a context that serves with it."""

    certificate: Path
    serving: ssl.SSLContext


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("authority")
    pem = folder / "certificate.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = folder / "key.pem"
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem, secret)
    return Authority(pem, serving)


@dataclass
class Office:
    """A mail server that takes mail only from those it knows, over TLS only; keeps (recipient, whether over TLS)."""

    taken: list[tuple[str, bool]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        over_tls = server.transport.get_extra_info("ssl_object") is not None
        self.taken += [(str(each), over_tls) for each in envelope.rcpt_tos]
        return "250 taken"

    def knows(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        good = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)


@dataclass
class Offices:
    """The same office behind both ways of TLS."""

    office: Office
    starttls: int
    tls: int


@pytest.fixture
async def offices(authority: Authority) -> AsyncIterator[Offices]:
    office, loop = Office(), asyncio.get_running_loop()
    common: dict[str, Any] = {"hostname": "mail.example", "auth_required": True, "authenticator": office.knows}

    def upgrading() -> SMTP:
        return SMTP(office, tls_context=authority.serving, require_starttls=True, loop=loop, **common)

    def encrypted() -> SMTP:
        with warnings.catch_warnings():
            # It warns of passwords without TLS, and does not see that the socket speaks nothing else.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(office, auth_require_tls=False, loop=loop, **common)

    first = await loop.create_server(upgrading, "127.0.0.1", 0)
    second = await loop.create_server(encrypted, "127.0.0.1", 0, ssl=authority.serving)
    yield Offices(office, first.sockets[0].getsockname()[1], second.sockets[0].getsockname()[1])
    for server in (first, second):
        server.close()
        await server.wait_closed()


async def handed_over(server: Server) -> tuple[str, str]:
    """(outcome, cause) of one mail."""
    connection = Connection(server, SENDER)
    try:
        tried = await connection.send(CONTENT, "somebody@em.example")
        greeted = await connection.greet()
        assert (greeted.outcome == "sent") == (tried.outcome == "sent")
        return tried.outcome, tried.cause
    finally:
        await connection.close()


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_tls_and_a_password(offices: Offices, authority: Authority, security: str) -> None:
    port = offices.tls if security == "tls" else offices.starttls
    server = Server("127.0.0.1", port, security, USER, PASSWORD, authority.certificate)
    assert await handed_over(server) == ("sent", "")
    assert offices.office.taken == [("somebody@em.example", True)]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_wrong_password_is_no_refusal_of_the_mail(
    offices: Offices, authority: Authority, security: str
) -> None:
    port = offices.tls if security == "tls" else offices.starttls
    server = Server("127.0.0.1", port, security, USER, "wrong", authority.certificate)
    assert await handed_over(server) == ("for_now", "authentication")
    assert offices.office.taken == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_mail(
    offices: Offices, security: str
) -> None:
    port = offices.tls if security == "tls" else offices.starttls
    assert await handed_over(Server("127.0.0.1", port, security, USER, PASSWORD)) == ("for_now", "unreachable")
    assert offices.office.taken == []


async def test_a_server_that_offers_no_tls_gets_nothing_where_tls_is_asked_for(authority: Authority) -> None:
    office, loop = Office(), asyncio.get_running_loop()
    plain = await loop.create_server(lambda: SMTP(office, hostname="plain", loop=loop), "127.0.0.1", 0)
    server = Server("127.0.0.1", plain.sockets[0].getsockname()[1], "starttls", None, None, authority.certificate)
    assert await handed_over(server) == ("for_now", "unreachable")
    assert office.taken == []
    plain.close()
    await plain.wait_closed()


@pytest.fixture
async def outside(settings_for: Any, signing: Any, offices: Offices, authority: Authority) -> AsyncIterator[Stage]:
    """No production: a real mail server, and a list of those who may be written to."""
    settings = await settings_for(
        "notifier", settings_type=NotifierSettings, demonstration=True, fresh_seconds=3600,
        smtp_host="127.0.0.1", smtp_port=offices.starttls, smtp_security="starttls", smtp_user=USER,
        smtp_password=PASSWORD, smtp_ca_file=authority.certificate,
        allowed_recipients=("@lm.example", "Focal_Point@km.example"),
    )  # fmt: skip
    await signing.trust(settings)
    async with running(BLUEPRINT, settings, roles=("api",), root_path="/reminders") as service:
        server = Server.of(service.settings)  # type: ignore[arg-type]
        assert server is not None
        made = Stage(service, server)
        yield made
        await made.delivery.close()


async def states(stage: Stage) -> list[tuple[str, str, str]]:
    """(institution, state, cause) of every mail."""
    async with stage.running.runtime.pool.acquire() as conn:
        rows = await conn.fetch("select institution, state, cause from facts.mail order by institution")
        return [tuple(row) for row in rows]


async def test_outside_production_only_the_list_is_written_to_and_the_rest_is_recorded(
    outside: Stage, offices: Offices
) -> None:
    await outside.know()
    await opened(outside, "em", "km", "lm")
    await outside.at(at("2026-10-14"))
    assert await states(outside) == [("em", "withheld", "not_on_allow_list"), ("km", "sent", ""), ("lm", "sent", "")]
    assert sorted(offices.office.taken) == [("focal_point@km.example", True), ("focal_point@lm.example", True)]
    outcomes = await outside.count(
        "select count(*) from facts.journal_payload where payload like '%withheld%not_on_allow_list%'"
    )
    assert outcomes == 1
    told = {row.step for row in await outside.ledger("QUARTER/2026-Q3/em") if row.outcome == "sent"}
    assert told


async def test_a_mail_made_where_everybody_was_written_to_does_not_leave_elsewhere(
    outside: Stage, offices: Offices
) -> None:
    """As after restoring a back-up of production: mails wait in it."""
    await outside.know()
    await opened(outside, "em", "lm")
    await outside.move(at("2026-10-14"))
    production = Passes(outside.running.runtime)
    production._press = replace(production._press, allowed=AllowList(everybody=True))
    await production.run()
    assert {state for _, state, _ in await states(outside)} == {"waiting"}
    delivery = Delivery(outside.running.runtime, outside.server)
    await delivery.send_waiting()
    await delivery.close()
    assert await states(outside) == [("em", "withheld", "not_on_allow_list"), ("lm", "sent", "")]
    assert offices.office.taken == [("focal_point@lm.example", True)]
