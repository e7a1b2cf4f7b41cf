"""Shared pages are counted once."""

import os

import pytest

from nrem_embedded.servers import memory_held
from nrem_embedded.servers.memory import proportional

pytestmark = pytest.mark.unit


def test_the_proportional_size_is_read_and_not_the_resident_one() -> None:
    rollup = "55d0-7ffc ---p 00000000 00:00 0 [rollup]\nRss:  9000 kB\nPss:  3000 kB\nPss_Dirty:  10 kB\n"
    assert proportional(rollup) == 3000 * 1024


def test_a_rollup_without_it_is_an_error() -> None:
    with pytest.raises(ValueError, match="Pss"):
        proportional("Rss: 1 kB\n")


def test_this_process_holds_some_megabytes_and_one_that_has_ended_none() -> None:
    assert 5 < memory_held(os.getpid()) < 5000
    assert memory_held(2**22 + 1) == 0
