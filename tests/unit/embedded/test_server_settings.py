"""Both servers are durable, small, and reachable from this machine only."""

import uuid
from pathlib import Path

import pytest

from nrem_embedded.servers import kafka_settings, postgres
from nrem_embedded.servers.kafka import cluster_id
from nrem_embedded.servers.process import environment

pytestmark = pytest.mark.unit


def settings(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, value in (line.split("=", 1) for line in lines)}


def test_postgresql_keeps_every_promise_of_durability() -> None:
    found = settings(postgres.configuration(21_000))
    assert {found[name] for name in ("fsync", "synchronous_commit", "full_page_writes")} == {"on"}
    assert "--data-checksums" in postgres.INITDB


def test_postgresql_listens_on_this_machine_only_and_asks_for_a_password() -> None:
    found = settings(postgres.configuration(21_000))
    assert (found["listen_addresses"], found["port"]) == ("'127.0.0.1'", "21000")
    assert found["unix_socket_directories"] == "''"
    assert postgres.ACCESS.split() == ["host", "all", "all", "127.0.0.1/32", "scram-sha-256"]


def test_kafka_listens_on_this_machine_only() -> None:
    found = settings(kafka_settings.configuration(21_001, 21_002, Path("/state/kafka")))
    assert found["listeners"] == "PLAINTEXT://127.0.0.1:21001,CONTROLLER://127.0.0.1:21002"
    assert found["advertised.listeners"] == "PLAINTEXT://127.0.0.1:21001"
    assert found["controller.quorum.voters"] == "1@127.0.0.1:21002"


def test_kafka_makes_no_topic_by_itself_and_a_group_works_at_once() -> None:
    found = settings(kafka_settings.configuration(21_001, 21_002, Path("/state")))
    assert found["auto.create.topics.enable"] == "false"
    assert found["group.initial.rebalance.delay.ms"] == "0"


@pytest.mark.parametrize(
    ("path", "written"),
    [("/a b/c", "/a b/c"), ("/mājas", "/m\\u0101jas"), ("C:\\x", "C:\\\\x"), ("/😀", "/\\ud83d\\ude00")],
)
def test_a_folder_with_any_name_survives_javas_properties_format(path: str, written: str) -> None:
    assert kafka_settings.escaped(path) == written


def test_a_cluster_id_is_sixteen_bytes_and_never_looks_like_an_option() -> None:
    found = cluster_id(uuid.UUID(int=(1 << 128) - (1 << 125)))
    assert len(found) == 22
    assert not found.startswith("-")


def test_servers_see_nothing_of_our_environment_that_changes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGDATA", "/elsewhere")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Xmx9g")
    assert not {"PGDATA", "JAVA_TOOL_OPTIONS"} & environment({}).keys()
