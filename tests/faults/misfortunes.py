"""What may happen to a platform at work; each puts back what it broke, and says what it did."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from faults.installation import SERVICES, Installation
from faults.processes import RoleProcess
from nrem_shared.runtime.migrate import recreate_projection

Misfortune = Callable[[Installation, random.Random], Awaitable[str]]
LONGEST_PAUSE = 30.0  # seconds


async def kill_a_process(installation: Installation, rng: random.Random) -> str:
    """SIGKILL, and started again."""
    role = _any(installation, rng)
    await role.killed_and_started()
    return f"{role.name} killed"


async def kill_a_service(installation: Installation, rng: random.Random) -> str:
    """All processes of a service at once."""
    service = rng.choice(SERVICES)
    roles = [role for role in installation.roles.values() if role.name.startswith(f"{service}:")]
    for role in roles:
        role.kill()
    await asyncio.gather(*(role.start() for role in roles))
    return f"{service} killed, every process of it"


async def pause_a_process(installation: Installation, rng: random.Random) -> str:
    """SIGSTOP and SIGCONT."""
    role, seconds = _any(installation, rng), rng.choice((3.0, 10.0, LONGEST_PAUSE))
    role.pause()
    await asyncio.sleep(seconds)
    role.go_on()
    return f"{role.name} stopped for {seconds:.0f} s"


async def kill_kafka(installation: Installation, rng: random.Random) -> str:
    """The broker, away for a while."""
    seconds = rng.uniform(0, 5)
    await installation.kill_kafka()
    await asyncio.sleep(seconds)
    await installation.kafka.start()
    return f"Kafka killed, away for {seconds:.1f} s and its start"


async def kill_postgres(installation: Installation, rng: random.Random) -> str:
    """The database server, away for a while."""
    seconds = rng.uniform(0, 3)
    await installation.kill_postgres()
    await asyncio.sleep(seconds)
    await installation.postgres.start()
    return f"PostgreSQL killed, away for {seconds:.1f} s and its start"


async def cut_connections(installation: Installation, rng: random.Random) -> str:
    """Every connection to one database."""
    service = rng.choice(SERVICES)
    await installation.databases[service].cut_connections()
    return f"connections to the database of {service} cut"


async def hide_the_bus(installation: Installation, rng: random.Random) -> str:
    """One process sees its database but not Kafka."""
    role, seconds = _any(installation, rng), rng.uniform(2, 8)
    role.bus.refusing = True
    role.bus.cut()
    await asyncio.sleep(seconds)
    role.clear()
    return f"{role.name} without Kafka for {seconds:.1f} s"


async def slow_the_network(installation: Installation, rng: random.Random) -> str:
    """One process on a slow line."""
    role, delay = _any(installation, rng), rng.uniform(0.02, 0.2)
    role.bus.delay = role.database.delay = delay
    await asyncio.sleep(5)
    role.clear()
    return f"{role.name} on a line slower by {delay * 1000:.0f} ms for 5 s"


async def drop_a_projection(installation: Installation, rng: random.Random) -> str:
    """What a service knows of the others is thrown away; it reads everything again."""
    service = rng.choice(SERVICES)
    database = installation.databases[service]
    await recreate_projection(database.owner_url, database.package, database.app_role)
    return f"the projection of {service} dropped"


async def twin(installation: Installation, rng: random.Random) -> str:
    """A second process of a kind joins and is killed."""
    service, role = rng.choice(SERVICES), rng.choice(("relay", "consume"))
    other = await installation.add(service, (role,), twin=f"-twin{rng.randrange(10**6)}")
    try:
        await other.start()
        await asyncio.sleep(3)
    finally:
        await installation.remove(other)
    return f"a second {service}:{role} joined and was killed"


async def mail_server_hangs_up(installation: Installation, rng: random.Random) -> str:
    """The mail server is away for a while."""
    seconds = rng.uniform(1, 4)
    installation.mail.proxy.refusing = True
    installation.mail.proxy.cut()
    await asyncio.sleep(seconds)
    installation.mail.proxy.refusing = False
    return f"the mail server took nothing for {seconds:.1f} s"


MISFORTUNES: tuple[Misfortune, ...] = (
    kill_a_process,
    kill_a_service,
    pause_a_process,
    kill_kafka,
    kill_postgres,
    cut_connections,
    hide_the_bus,
    slow_the_network,
    drop_a_projection,
    twin,
    mail_server_hangs_up,
)


def _any(installation: Installation, rng: random.Random) -> RoleProcess:
    return installation.roles[rng.choice(sorted(installation.roles))]
