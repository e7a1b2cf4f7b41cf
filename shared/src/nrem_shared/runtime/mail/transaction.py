"""One mail transaction (RFC 5321, 3.3) over a connection of aiosmtplib, for bytes that travel as they are.

`SMTP.sendmail` is for whatever a caller has: it parses each address twice and rewrites the message three times, which
costs more than the four commands. Our addresses are plain and our messages are stored as they leave: both are only
looked at, and mended or refused where that is not so.
"""

from __future__ import annotations

import re
from contextlib import suppress

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException, SMTPServerDisconnected
from aiosmtplib.errors import SMTPTimeoutError
from aiosmtplib.protocol import normalize_message_line_endings

_TAKEN = (250, 251)
_GO_ON = (354,)
#: What stands between angle brackets without a doubt: printable ASCII, no space, no bracket.
_PLAIN = re.compile("[!-;=?-~]+@[!-;=?-~]+")


def is_plain(address: str) -> bool:
    """Whether an address can be written in a command as it is."""
    return _PLAIN.fullmatch(address) is not None


async def hand_over(client: SMTP, sender: str, to: str, content: bytes) -> None:
    """Return when the server has taken the mail.

    Raises SMTPResponseException with the server's answer where it refuses (the connection can be used again), another
    SMTPException or OSError where its answer was not heard: then the server may have the mail.
    """
    content = _with_line_ends(content)
    size = (b"SIZE=%d" % len(content),) if client.supports_extension("size") else ()
    try:
        _expect(_TAKEN, await client.execute_command(b"MAIL", b"FROM:<%b>" % sender.encode("ascii"), *size))
        _expect(_TAKEN, await client.execute_command(b"RCPT", b"TO:<%b>" % to.encode("ascii")))
        _expect(_GO_ON, await client.execute_command(b"DATA"))
        _expect(_TAKEN, await _send(client, content))
    except SMTPResponseException:
        with suppress(SMTPException, OSError):
            await client.rset()
        raise


async def _send(client: SMTP, content: bytes) -> SMTPResponse:
    """The mail itself: lines that begin with a dot have one more, a dot alone is its end."""
    protocol = client.protocol
    if protocol is None:
        raise SMTPServerDisconnected("Connection lost")
    if content.startswith(b"."):
        content = b"." + content
    # Nothing is awaited between writing and reading: no answer can come before it is expected.
    protocol.write(content.replace(b"\n.", b"\n..") + b".\r\n")
    try:
        return await protocol.read_response(timeout=client.timeout)
    except (SMTPServerDisconnected, SMTPTimeoutError):
        client.close()  # an answer that comes later must not be taken for that of the next command
        raise


def _with_line_ends(content: bytes) -> bytes:
    """Every line ends in CR LF."""
    ends = content.count(b"\r\n")
    if content.count(b"\n") == ends == content.count(b"\r") and content.endswith(b"\r\n"):
        return content
    return normalize_message_line_endings(content)


def _expect(codes: tuple[int, ...], response: SMTPResponse) -> None:
    if response.code not in codes:
        raise SMTPResponseException(response.code, response.message)
