"""A real mail server of ours (RFC 5321, on loopback) that keeps what arrives. In a demonstration only."""

from __future__ import annotations

import asyncio
from email.parser import BytesHeaderParser
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from nrem_notifier.mailboxes import store
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.mail.smtp import Server

if TYPE_CHECKING:
    from nrem_notifier.settings import NotifierSettings
    from nrem_shared.runtime.service import Runtime

HOST = "127.0.0.1"
MAX_BYTES = 1 << 20
_log = logger(__name__)


class Mailboxes:
    """Keeps each mail; what it could not keep it refuses for now."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The server's answer to the end of a mail."""
        content = envelope.original_content or b""
        headers = BytesHeaderParser(policy=default).parsebytes(content)
        try:
            async with self._runtime.pool.acquire() as conn:
                await store.add(
                    conn,
                    self._runtime.clock.now(),
                    [str(one) for one in envelope.rcpt_tos],
                    str(headers["message-id"] or ""),
                    str(headers["subject"] or "").strip(),
                    content,
                )
        except TRANSIENT as error:
            _log.warning("a mail was not kept: database is away", error=repr(error))
            return "451 try again later"
        return "250 kept"


async def keep_mail(runtime: Runtime) -> None:
    """Role `mailbox`: listen until cancelled; does nothing outside a demonstration, or where a mail server is named."""
    settings: NotifierSettings = runtime.settings  # type: ignore[assignment]
    if not settings.demonstration or settings.smtp_host is not None:
        await asyncio.Event().wait()
    loop = asyncio.get_running_loop()

    def accept() -> Any:
        return SMTP(
            Mailboxes(runtime),
            hostname="mailboxes.nrem.example",
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            loop=loop,
        )

    server = await loop.create_server(accept, HOST, settings.mailbox_port)
    try:
        runtime.api.state.mailboxes = Server(HOST, server.sockets[0].getsockname()[1])
        await server.serve_forever()
    finally:
        server.close()
