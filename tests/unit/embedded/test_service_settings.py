"""How the commands know a service's settings: all of them for an embedded installation, else the environment's."""

from __future__ import annotations

from pathlib import Path

import pytest

from nrem_embedded.platform.composition import settings_of
from nrem_embedded.platform.state import SERVICES, Databases, Installation, StateFolder
from nrem_intake.settings import IntakeSettings

DATABASES = {name: Databases(app="postgresql://app@db/x", owner="postgresql://owner@db/x") for name in SERVICES}
INSTALLATION = Installation(
    url="http://gateway:8080/", kafka="kafka:9092", databases=DATABASES, content="empty", embedded=False
)


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = StateFolder(tmp_path)
    folder.signing_key().parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "secrets" / "key-pepper").write_text("p" * 64)
    return folder


def test_in_containers_the_environment_says_how_a_service_is_set_up(
    state: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NREM_EVIDENCE_DIR", "/evidence")
    monkeypatch.setenv("NREM_PUBLIC_URL", "https://nrem.example")
    monkeypatch.setenv("NREM_SMTP_HOST", "mail.example")
    intake = settings_of(INSTALLATION, state, "intake")
    assert isinstance(intake, IntakeSettings)
    assert intake.evidence_dir == Path("/evidence")
    assert (str(intake.public_url).rstrip("/"), intake.smtp_host) == ("https://nrem.example", "mail.example")
    assert (intake.demonstration, intake.secure_cookies) == (False, True)


def test_an_embedded_installation_keeps_everything_in_its_folder(state: StateFolder) -> None:
    intake = settings_of(INSTALLATION.model_copy(update={"embedded": True}), state, "intake")
    assert isinstance(intake, IntakeSettings)
    assert intake.evidence_dir == state.path / "evidence"
    assert (intake.demonstration, intake.secure_cookies) == (True, False)
