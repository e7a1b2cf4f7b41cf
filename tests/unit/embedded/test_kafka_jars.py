"""Not a byte of Kafka runs that is not in the lock."""

import re
from pathlib import Path

import pytest

from nrem_embedded.servers import JarsChangedError
from nrem_embedded.servers.kafka_jars import KAFKA_VERSION, LOCK, keep, locked_jars, read_lock, sha256, verify

pytestmark = pytest.mark.unit


@pytest.fixture
def jars(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "kafka.jar", tmp_path / "scala.jar"]
    for path in paths:
        path.write_bytes(path.name.encode() * 1000)
    return paths


def hashes(jars: list[Path]) -> dict[str, str]:
    return {jar.name: sha256(jar) for jar in jars}


def test_the_locked_archives_pass(jars: list[Path]) -> None:
    verify(jars, hashes(jars))


def test_a_changed_archive_is_refused(jars: list[Path]) -> None:
    expected = hashes(jars)
    jars[1].write_bytes(jars[1].read_bytes()[:-1] + b"x")
    with pytest.raises(JarsChangedError, match=r"scala\.jar"):
        verify(jars, expected)


def test_an_archive_too_many_is_refused(jars: list[Path]) -> None:
    with pytest.raises(JarsChangedError, match=r"kafka\.jar"):
        verify(jars, hashes(jars[1:]))


def test_a_missing_archive_is_refused(jars: list[Path]) -> None:
    with pytest.raises(JarsChangedError, match=r"scala\.jar"):
        verify(jars[:1], hashes(jars))


def test_a_kept_archive_that_was_changed_later_is_refused_without_asking_the_network(
    jars: list[Path], tmp_path: Path
) -> None:
    lock, folder = tmp_path / "lock", tmp_path / "kept"
    lock.write_text("".join(f"{digest}  {name}\n" for name, digest in hashes(jars).items()))
    keep(jars, folder)
    assert locked_jars(folder, lock) == [folder / "kafka.jar", folder / "scala.jar"]
    (folder / "kafka.jar").write_bytes(b"other")
    with pytest.raises(JarsChangedError):
        locked_jars(folder, lock)


def test_the_committed_lock_names_kafka_and_no_addresses() -> None:
    lock = read_lock(LOCK)
    assert f"kafka_2.13-{KAFKA_VERSION}.jar" in lock
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in lock.values())
    assert all(re.fullmatch(r"[\w.-]+\.jar", name) for name in lock)
