"""A real mail server that keeps every byte it accepted, behind a proxy."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from email.parser import BytesHeaderParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP

from support.proxy import Proxy


class MailServer:
    """`taken[message_id]` are the bytes of each acceptance, in order."""

    def __init__(self) -> None:
        self.taken: dict[str, list[bytes]] = defaultdict(list)
        self.recipients: dict[str, list[str]] = defaultdict(list)
        self.proxy = Proxy("smtp", ("127.0.0.1", 0))
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen on loopback."""
        loop = asyncio.get_running_loop()
        made = lambda: SMTP(self, hostname="mail.example", enable_SMTPUTF8=True, loop=loop)  # noqa: E731
        self._server = await loop.create_server(made, "127.0.0.1", 0)
        self.proxy.target = ("127.0.0.1", self._server.sockets[0].getsockname()[1])
        await self.proxy.open()

    async def close(self) -> None:
        """Listen no more."""
        await self.proxy.close()
        if self._server is not None:
            self._server.close()

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the mail; from here on it is ours."""
        content = envelope.original_content or b""
        name = str(BytesHeaderParser(policy=default).parsebytes(content)["message-id"])
        self.taken[name].append(content)
        self.recipients[name].extend(str(one) for one in envelope.rcpt_tos)
        return "250 taken"
