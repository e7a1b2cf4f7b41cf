"""SIGKILL of the notifier between claim, DATA, 250 and mark: what a server may have is repeated, byte for byte."""

from __future__ import annotations

import asyncio

import pytest

from support.eventually import eventually
from support.traps import answered_after, asked, commit_answered, commit_asked

pytestmark = pytest.mark.asyncio(loop_scope="session")
FIGURES = {"ABROAD_SUPPORT": 3}
_MARK = b"nrem.delivery.recorded.v1"
_END = b"\r\n.\r\n"

#: Where → by the mail server's connection or the database's, what is held, how often the mail arrives in the end.
INSTRUCTIONS = {
    "claimed, not handed over": ("mail", asked(b"FROM:<"), 1),
    "before DATA": ("mail", asked(b"DATA\r\n"), 1),
    "before the end of the mail": ("mail", asked(_END), 1),
    "taken, 250 not heard": ("mail", answered_after(_END, b"250"), 2),
    "250 heard, not marked": ("database", commit_asked(_MARK), 2),
    "marked, not known": ("database", commit_answered(_MARK), 1),
}


@pytest.mark.parametrize("instruction", INSTRUCTIONS)
async def test_killed(installation, people, new_stream, equality, instruction: str) -> None:
    where, holds, arrives = INSTRUCTIONS[instruction]
    remind = installation.roles["notifier:remind"]
    mail = installation.mail
    proxy = mail.proxy if where == "mail" else remind.database
    before = set(mail.taken)
    trap = proxy.set(holds)
    await people.submit(new_stream(), FIGURES)
    await trap.sprung_within(20)
    remind.kill()
    mail.proxy.cut()
    mail.proxy.clear()
    await remind.killed_and_started()
    await equality.holds()
    (one,) = set(mail.taken) - before
    assert len(mail.taken[one]) == arrives
    assert len(set(mail.taken[one])) == 1


async def many_in_flight(installation, people, new_stream) -> None:
    """Eight mails are being sent; of the first that the server takes its answer is held back."""
    remind = installation.roles["notifier:remind"]
    remind.pause()
    await asyncio.gather(*(people.submit(new_stream(), FIGURES) for _ in range(8)))
    trap = installation.mail.proxy.set(answered_after(_END, b"250"))
    remind.go_on()
    await trap.sprung_within(20)


async def test_killed_with_many_mails_in_flight(installation, people, new_stream, equality) -> None:
    remind, mail = installation.roles["notifier:remind"], installation.mail
    before = set(mail.taken)
    await many_in_flight(installation, people, new_stream)
    remind.kill()
    mail.proxy.cut()
    mail.proxy.clear()
    await remind.killed_and_started()
    await equality.holds()
    new = set(mail.taken) - before
    assert len(new) == 8
    repeated = [one for one in new if len(mail.taken[one]) > 1]
    assert 1 <= len(repeated) <= 4, "at most those on the four connections"
    assert all(len(mail.taken[one]) <= 2 for one in repeated)


async def test_a_database_away_while_mails_are_in_flight_repeats_none(
    installation, people, new_stream, equality
) -> None:
    remind, mail = installation.roles["notifier:remind"], installation.mail
    before = set(mail.taken)
    await many_in_flight(installation, people, new_stream)
    remind.database.refusing = True
    remind.database.cut()
    mail.proxy.clear()  # the server took it, the notifier knows, and cannot write it down
    await eventually(lambda: "marking is tried again" in remind.tail(), seconds=20)
    remind.clear()
    await equality.holds()
    assert {len(mail.taken[one]) for one in set(mail.taken) - before} == {1}
