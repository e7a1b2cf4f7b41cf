"""The Java archives of Apache Kafka: which they are, where they come from, and that not a byte of them has changed.

python -m nrem_embedded.servers.kafka_jars      rewrites the lock after a change of `COORDINATES`
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nrem_embedded.servers.process import ServerError

KAFKA_VERSION = "4.3.1"
# Kafka logs through slf4j and brings no back end for it; the simple one costs neither memory nor time to start.
COORDINATES = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"
LOCK = Path(__file__).with_name(f"kafka-{KAFKA_VERSION}.sha256")
DOWNLOADS = 6  # at a time
# Java's archive of loaded classes fits only archives of the same date: one fixed date lets it survive a new copy.
KEPT_SINCE = 1_600_000_000  # seconds since 1970

Hashes = Mapping[str, str]  # file name -> sha256 in hexadecimal


class JarsChangedError(ServerError):
    """The archives are not exactly the ones in the lock. Nothing of them is run."""


class JarsUnavailableError(ServerError):
    """The archives could not be fetched: no network, and no copy kept from an earlier start."""


def default_cache() -> Path:
    """Where archives are kept for all state folders of this OS user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nrem" / f"kafka-{KAFKA_VERSION}"


def locked_jars(folder: Path, lock: Path = LOCK) -> list[Path]:
    """The archives, fetched into `folder` if they are not there, each checked against the lock; takes seconds.

    Raises `JarsChangedError` or `JarsUnavailableError`.
    """
    expected = read_lock(lock)
    jars = [folder / name for name in sorted(expected)]
    if not all(jar.exists() for jar in jars):
        fetched = fetch()
        verify(fetched, expected)
        keep(fetched, folder)
    verify(jars, expected)
    return jars


def fetch() -> list[Path]:
    """Resolve Kafka and all it needs into the local Maven repository. Raises `JarsUnavailableError`."""
    import jgo
    import requests

    try:
        artifacts = jgo.resolve(COORDINATES)
        with ThreadPoolExecutor(DOWNLOADS) as pool:
            return [Path(path) for path in pool.map(lambda artifact: artifact.resolve(), artifacts)]
    except (requests.RequestException, OSError, RuntimeError, ValueError) as error:
        raise JarsUnavailableError(f"Apache Kafka {KAFKA_VERSION} could not be downloaded: {error}") from error


def keep(jars: Iterable[Path], folder: Path) -> None:
    """Copy archives into our own folder, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for jar in jars:
        partial = folder / f"{jar.name}.{os.getpid()}.partial"
        shutil.copyfile(jar, partial)
        os.utime(partial, (KEPT_SINCE, KEPT_SINCE))
        partial.replace(folder / jar.name)


def verify(jars: Iterable[Path], expected: Hashes) -> None:
    """Raise `JarsChangedError` unless `jars` are the files of the lock, no more, no fewer, byte for byte."""
    found = {jar.name: sha256(jar) for jar in jars}
    differing = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    if differing:
        raise JarsChangedError(f"not the archives of {LOCK.name}: {', '.join(differing)}")


def sha256(path: Path) -> str:
    """Hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lock(lock: Path) -> dict[str, str]:
    """A file as `sha256sum` writes it: hash, two spaces, file name."""
    pairs = (line.split(maxsplit=1) for line in lock.read_text().splitlines())
    return {name: digest for digest, name in pairs}


def write_lock(lock: Path = LOCK) -> int:
    """Fetch the archives that `COORDINATES` mean today and write down their hashes; returns how many there are."""
    found = {jar.name: sha256(jar) for jar in fetch()}
    lock.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(found.items())))
    return len(found)
