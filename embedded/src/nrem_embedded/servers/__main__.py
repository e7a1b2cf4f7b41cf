"""Quick check: `python -m nrem_embedded.servers --state DIR` starts both servers and says how they fare."""

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from pathlib import Path

from nrem_embedded.servers import Kafka, Postgres, memory_held
from nrem_embedded.servers.kafka_jars import LOCK, write_lock


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def timed(name: str, server: Postgres | Kafka) -> None:
    """Start one server and print how long it took."""
    begun = time.monotonic()
    await server.start()
    say(f"{name:10} {time.monotonic() - begun:5.2f} s  {memory_held(server.pid):4.0f} MB  pid {server.pid}")


async def run(state: Path, train: bool) -> None:
    """Start both, wait for Ctrl-C, stop both."""
    postgres, kafka = Postgres(state), Kafka(state)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    begun = time.monotonic()
    await kafka.resolve()
    say(f"archives   {time.monotonic() - begun:5.2f} s")
    try:
        await asyncio.gather(timed("postgresql", postgres), timed("kafka", kafka))
        say(f"ready      {time.monotonic() - begun:5.2f} s\n{postgres.dsn()}\n{kafka.bootstrap}")
        if train:
            begun = time.monotonic()
            await kafka.train()
            say(f"training   {time.monotonic() - begun:5.2f} s")
        await ended.wait()
    finally:
        await asyncio.gather(postgres.stop(), kafka.stop())


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m nrem_embedded.servers", description=__doc__)
    parser.add_argument("--state", type=Path, help="folder for the data of both servers")
    parser.add_argument("--train", action="store_true", help="prepare faster starts of Kafka once it runs")
    parser.add_argument("--rewrite-lock", action="store_true", help="write down the hashes of Kafka's archives anew")
    options = parser.parse_args()
    if options.rewrite_lock:
        say(f"{LOCK.name}: {write_lock()} archives")
        return
    if options.state is None:
        parser.error("--state is required")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(options.state, options.train))


if __name__ == "__main__":
    main()
