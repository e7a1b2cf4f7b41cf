"""What travels is what is stored: every byte, whatever its lines look like; a refusal leaves the connection usable."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from integration.notifier.stage import Stage
from integration.notifier.story import at, opened
from nrem_notifier.mail.delivery import CLAIM
from nrem_shared.runtime.mail.smtp import Connection, Server

SENDER = "nrem@iem.example"
SOMEBODY = "somebody@em.example"
HEAD = b"Subject: a test\r\n\r\n"


@dataclass
class Desk:
    """A desk at which mail is taken: keeps (sender, recipients, bytes); refuses whom a test names.

    While it is not `open` it has the mail and says nothing; then `asked` is set.
    """

    refused: dict[str, str] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    taken: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_MAIL(self, _s: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        self.sizes += [int(one.partition("=")[2]) for one in options if one.upper().startswith("SIZE=")]
        return "250 OK"

    async def handle_RCPT(self, _s: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _s: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content))
        self.asked.set()
        await self.open.wait()
        return "250 taken"


@pytest.fixture
async def desk() -> AsyncIterator[tuple[Desk, Server]]:
    handler, loop = Desk(), asyncio.get_running_loop()
    handler.open.set()
    server = await loop.create_server(lambda: SMTP(handler, hostname="desk", loop=loop), "127.0.0.1", 0)
    yield handler, Server("127.0.0.1", server.sockets[0].getsockname()[1])
    server.close()


@pytest.mark.parametrize(
    ("stored", "taken"),
    [
        (b"Text.\r\n", b"Text.\r\n"),
        (b".\r\n..\r\n.a\r\nb.\r\n\r\n", b".\r\n..\r\n.a\r\nb.\r\n\r\n"),
        (b"one\ntwo\rthree\r\n.", b"one\r\ntwo\r\nthree\r\n.\r\n"),
        (b"", b""),
    ],
    ids=["plain", "dots", "other line ends", "nothing"],
)
async def test_every_byte_arrives(desk: Any, stored: bytes, taken: bytes) -> None:
    handler, server = desk
    connection = Connection(server, SENDER)
    assert (await connection.send(HEAD + stored, SOMEBODY)).outcome == "sent"
    assert (await connection.send(b"." + HEAD, SOMEBODY)).outcome == "sent"
    await connection.close()
    assert handler.taken == [(SENDER, (SOMEBODY,), HEAD + taken), (SENDER, (SOMEBODY,), b"." + HEAD)]
    assert handler.sizes == [len(HEAD + taken), len(HEAD) + 1]


@pytest.mark.parametrize(
    ("answer", "outcome", "cause"),
    [
        ("550 no such person", "refused", "refused"),
        ("450 too many, come again", "for_now", "refused_for_now"),
        ("530 who are you", "for_now", "refused_for_now"),
    ],
)
async def test_a_refused_recipient_is_no_reason_to_leave(desk: Any, answer: str, outcome: str, cause: str) -> None:
    handler, server = desk
    handler.refused = {SOMEBODY: answer}
    connection = Connection(server, SENDER)
    tried = await connection.send(HEAD, SOMEBODY)
    assert (tried.outcome, tried.cause, tried.detail) == (outcome, cause, answer[:3])
    assert (await connection.send(HEAD, "else@em.example")).outcome == "sent"
    await connection.close()
    assert [recipients for _, recipients, _ in handler.taken] == [("else@em.example",)]


async def test_a_try_that_was_stopped_leaves_no_answer_for_the_next_one(desk: Any) -> None:
    handler, server = desk
    handler.open.clear()
    connection = Connection(server, SENDER)
    stopped = asyncio.create_task(connection.send(HEAD, SOMEBODY))
    await asyncio.wait_for(handler.asked.wait(), 10)
    stopped.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopped
    handler.open.set()
    handler.refused = {"else@em.example": "550 no such person"}
    assert (await connection.send(HEAD, "else@em.example")).outcome == "refused"
    assert (await connection.send(HEAD, "third@em.example")).outcome == "sent"
    await connection.close()
    assert handler.taken[-1][1] == ("third@em.example",)


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a b@em.example", "a@em.example>\r\nDATA", "Somebody <a@em.example>", "ā@em.example"],
)
async def test_what_is_no_plain_address_never_reaches_the_server(desk: Any, address: str) -> None:
    handler, server = desk
    connection = Connection(server, SENDER)
    tried = await connection.send(HEAD, address)
    assert (tried.outcome, tried.cause) == ("refused", "refused")
    await connection.close()
    assert handler.taken == []


async def test_more_mails_than_one_process_has_in_hand_leave_once_each(stage: Stage, desk: Any) -> None:
    handler, server = desk
    stage.delivery._server = server
    codes = [f"many{number:03d}" for number in range(2 * CLAIM + 7)]
    await stage.know({"iem": ("coordinator",), **dict.fromkeys(codes, ("focal_point",))})
    await opened(stage, *codes)
    await stage.at(at("2026-10-14"))
    written_to = Counter(recipient for _, recipients, _ in handler.taken for recipient in recipients)
    assert written_to == {f"focal_point@{code}.example": 1 for code in codes}
    assert await stage.count("select count(*) from facts.mail where state = 'sent'") == len(codes)
    assert await stage.count("select count(*) from facts.attempt where outcome = 'sent'") == len(codes)
    recorded = "select count(distinct subject) from facts.journal where type = 'nrem.delivery.recorded.v1'"
    assert await stage.count(recorded) == len(codes)
