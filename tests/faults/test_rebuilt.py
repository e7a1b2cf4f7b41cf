"""A projection dropped while the platform works is rebuilt from the bus, and is the same to the letter."""

from __future__ import annotations

import asyncio

import pytest

from faults.dumps import dump
from faults.installation import SERVICES
from nrem_shared.runtime.migrate import recreate_projection
from support.traps import commit_answered

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_every_projection_dropped_and_rebuilt(installation, people, new_stream, equality) -> None:
    stream = new_stream()
    await people.submit(stream, {"ABROAD_SUPPORT": 3, "SOCIAL_SERVICE": 1})
    await people.accept(stream)
    await people.correct(stream, "SOCIAL_SERVICE", 2)
    await equality.holds()
    before = {service: await dump(installation.databases[service]) for service in SERVICES}
    assert all(any(table) for table in before.values())
    await asyncio.gather(
        *(
            recreate_projection(database.owner_url, database.package, database.app_role)
            for database in installation.databases.values()
        )
    )
    await installation.fresh()
    await equality.holds()
    after = {service: await dump(installation.databases[service]) for service in SERVICES}
    assert after == before


async def test_mails_that_wait_while_contacts_are_rebuilt_are_not_given_up(
    installation, people, new_stream, equality
) -> None:
    consumer, remind = (installation.roles[f"notifier:{role}"] for role in ("consume", "remind"))
    mail, database = installation.mail, installation.databases["notifier"]
    before = set(mail.taken)
    stream = new_stream()
    receipt = f"RECEIPT/{stream.period}/{stream.member}/1"
    decided = remind.database.set(commit_answered(receipt.encode()))
    await people.submit(stream, {"ABROAD_SUPPORT": 3})
    await decided.sprung_within(20)  # the mail is made and is about to leave
    await consumer.stop()
    await recreate_projection(database.owner_url, database.package, database.app_role)
    remind.database.clear()  # it goes on, and knows nobody's address
    await people.submit(new_stream(), {"ABROAD_SUPPORT": 3})
    await consumer.start()
    await equality.holds()
    assert len(set(mail.taken) - before) == 2
