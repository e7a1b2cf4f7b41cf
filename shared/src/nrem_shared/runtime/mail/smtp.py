"""The way out: connections to the mail server that are kept, and what its answers mean."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import aiosmtplib

from nrem_shared.runtime.mail.transaction import hand_over, is_plain

if TYPE_CHECKING:
    from pathlib import Path

    from nrem_shared.runtime.mail.settings import MailSettings

TIMEOUT = 30.0  # seconds for one command of the server

#: What became of one try. `uncertain` = the server may have taken the mail without our hearing of it; `withheld` = it
#: was not tried, for its recipient may not be written to here.
Outcome = Literal["sent", "refused", "for_now", "uncertain", "withheld"]


@dataclass(frozen=True, slots=True)
class Tried:
    """One try: its outcome, a short cause for metrics, the server's words without addresses."""

    outcome: Outcome
    cause: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over."""

    host: str
    port: int
    security: str = "none"
    user: str | None = None
    password: str | None = None
    ca_file: Path | None = None

    @classmethod
    def of(cls, settings: MailSettings) -> Server | None:
        """The server that the settings name; null where they name none."""
        if settings.smtp_host is None:
            return None
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        return cls(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user,
            password,
            settings.smtp_ca_file,
        )


class Connection:
    """One connection, opened when first used and kept; a broken one is opened anew."""

    def __init__(self, server: Server, sender: str) -> None:
        self._server = server
        self._sender = sender
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, content: bytes, to: str) -> Tried:
        """Hand one mail over; never raises for what a server does."""
        if not is_plain(to):
            return Tried("refused", "refused", "not an address")
        try:
            client = await self._connected()
        except aiosmtplib.SMTPAuthenticationError as error:
            return Tried("for_now", "authentication", f"{error.code}")
        except (aiosmtplib.SMTPException, OSError) as error:
            return Tried("for_now", "unreachable", type(error).__name__)
        try:
            await hand_over(client, self._sender, to, content)
        except aiosmtplib.SMTPResponseException as error:
            return _refusal(error.code)
        except (aiosmtplib.SMTPException, OSError) as error:
            await self.close()
            cause = "timeout" if isinstance(error, TimeoutError) else "connection_lost"
            return Tried("uncertain", cause, type(error).__name__)
        except BaseException:
            client.close()  # stopped in the middle: the answer that comes next is not that of the next command
            raise
        return Tried("sent")

    async def greet(self) -> Tried:
        """Reach the server as for a mail (TLS, name and password) and hand nothing over; never raises."""
        try:
            await (await self._connected()).noop()
        except aiosmtplib.SMTPAuthenticationError as error:
            return Tried("for_now", "authentication", f"{error.code}")
        except (aiosmtplib.SMTPException, OSError) as error:
            return Tried("for_now", "unreachable", f"{type(error).__name__}: {error}")
        return Tried("sent")

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            server = self._server
            client = aiosmtplib.SMTP(
                hostname=server.host,
                port=server.port,
                use_tls=server.security == "tls",
                start_tls=server.security == "starttls",
                tls_context=_trusting(server.ca_file) if server.security != "none" else None,
                timeout=TIMEOUT,
            )
            try:
                await client.connect()
                if server.user is not None:
                    await client.login(server.user, server.password or "")
                await _greet(client)
            except BaseException:
                client.close()
                raise
            self._client = client
        return self._client

    async def close(self) -> None:
        """Leave politely where that is possible."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if client.is_connected:
                await client.quit()
        except (aiosmtplib.SMTPException, OSError):
            client.close()


async def _greet(client: aiosmtplib.SMTP) -> None:
    """Say who we are, unless TLS or the password made us do so, and hear what the server can."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await client.helo()


def _trusting(ca_file: Path | None) -> ssl.SSLContext:
    """The certificate must be valid and for this host: of the system's authorities, or of the one named."""
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


def _refusal(code: int) -> Tried:
    """5xx is for good, but for 5xx answers about ourselves; everything else may pass."""
    if 500 <= code < 600 and code not in (530, 535, 538):
        return Tried("refused", "refused", str(code))
    return Tried("for_now", "refused_for_now", str(code))
