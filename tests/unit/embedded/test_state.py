"""The state folder keeps secrets to itself, holds one platform at a time, and is never deleted by mistake."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from nrem_embedded.platform.databases import _database
from nrem_embedded.platform.state import Databases, Installation, InstitutionKey, StateError, StateFolder
from nrem_shared.runtime.identity.tokens import TokenIssuer

INSTALLATION = Installation(
    url="http://127.0.0.1:8080/",
    kafka="127.0.0.1:9092",
    databases={"intake": Databases(app="postgresql://a@h/d", owner="postgresql://o@h/d")},
    content="demonstration",
)


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path / "state")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_can_be_read_by_their_owner_alone(state: StateFolder) -> None:
    first = state.secret("key-pepper")
    assert len(first) >= 43
    assert StateFolder(state.path).secret("key-pepper") == first
    assert state.secret("intake-app") != first
    assert mode(state.path / "secrets") == 0o700
    assert mode(state.path / "secrets/key-pepper") == 0o600


def test_the_signing_key_signs_tokens(state: StateFolder) -> None:
    path = state.signing_key()
    assert mode(path) == 0o600
    issuer = TokenIssuer.from_pem(path.read_bytes(), "nrem-intake")
    assert TokenIssuer.from_pem(state.signing_key().read_bytes(), "nrem-intake").kid == issuer.kid


def test_what_is_installed_is_found_again(state: StateFolder) -> None:
    state.save(INSTALLATION)
    assert state.installation() == INSTALLATION
    assert mode(state.path / "nrem.json") == 0o600
    assert INSTALLATION.topic_prefix == ""
    assert INSTALLATION.model_copy(update={"name": "0a1b"}).topic_prefix == "0a1b."


def test_keys_are_kept(state: StateFolder) -> None:
    assert state.keys() == {}
    key = InstitutionKey(member="iem", id="1", secret="s", roles=("coordinator",))
    state.save_keys({"coordinator": key})
    assert state.keys() == {"coordinator": key}
    assert mode(state.path / "secrets/institution-keys.json") == 0o600


def test_an_empty_folder_says_what_to_do(state: StateFolder) -> None:
    with pytest.raises(StateError, match="nrem demo"):
        state.installation()


def test_a_damaged_file_says_what_to_do(state: StateFolder) -> None:
    state.secret("x")
    (state.path / "nrem.json").write_text("{}")
    with pytest.raises(StateError, match="--fresh"):
        state.installation()


def test_one_platform_at_a_time(state: StateFolder) -> None:
    with state.locked(), pytest.raises(StateError, match="already runs"), StateFolder(state.path).locked():
        pass
    with state.locked():
        pass


def test_fresh_deletes_what_is_ours(state: StateFolder) -> None:
    state.save(INSTALLATION)
    state.secret("x")
    (state.path / "postgres/home").mkdir(parents=True)
    state.clear()
    assert list(state.path.iterdir()) == []


def test_fresh_refuses_a_folder_that_holds_something_else(state: StateFolder) -> None:
    state.save(INSTALLATION)
    (state.path / "thesis.odt").touch()
    with pytest.raises(StateError, match=r"thesis\.odt"):
        state.clear()
    assert (state.path / "nrem.json").exists()


def test_names_of_databases() -> None:
    assert _database("plan-tracker", "") == "nrem_plan_tracker"
    assert _database("plan-tracker", "0a1b") == "nrem_0a1b_plan_tracker"
