"""A restart keeps its port unless another program has taken it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from nrem_embedded.servers import PortTakenError
from nrem_embedded.servers.ports import HOST, choose_port, free_port

pytestmark = pytest.mark.unit


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as other:
        yield other.getsockname()[1]


def test_the_port_of_the_last_start_is_used_again(tmp_path: Path) -> None:
    first = choose_port(tmp_path / "port")
    assert choose_port(tmp_path / "port") == first


def test_a_remembered_port_that_is_taken_is_replaced(tmp_path: Path, taken: int) -> None:
    (tmp_path / "port").write_text(f"{taken}\n")
    replaced = choose_port(tmp_path / "port")
    assert replaced != taken
    assert (tmp_path / "port").read_text() == f"{replaced}\n"


def test_a_damaged_memory_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("seventy")
    assert choose_port(tmp_path / "port") > 0


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(tmp_path: Path, taken: int) -> None:
    with pytest.raises(PortTakenError, match=str(taken)):
        choose_port(tmp_path / "port", taken)


def test_a_port_that_was_asked_for_is_used_and_remembered(tmp_path: Path) -> None:
    wanted = free_port()
    assert choose_port(tmp_path / "port", wanted) == wanted
    assert choose_port(tmp_path / "port") == wanted
