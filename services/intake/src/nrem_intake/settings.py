"""Settings of intake."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from nrem_shared.runtime.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """What only intake needs: it signs tokens and keeps keys."""

    signing_key_file: Path = Field(description="PEM file of the ES256 (P-256) private key that signs tokens")
    key_pepper: SecretStr = Field(min_length=32, description="Secret of the keyed hash under which keys are kept")
    session_idle_minutes: int = Field(default=30, ge=1, description="A browser session ends after so long without use")
    session_hours: int = Field(default=10, ge=1, description="A browser session ends after so long in any case")
