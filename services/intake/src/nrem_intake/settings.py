"""Settings of intake."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from nrem_shared.runtime.mail.settings import MailSettings


class IntakeSettings(MailSettings):
    """What only intake needs: it signs people in, signs tokens and keeps keys."""

    signing_key_file: Path = Field(description="PEM file of the ES256 (P-256) private key that signs tokens")
    key_pepper: SecretStr = Field(
        min_length=32,
        description="Secret of the keyed hash under which keys are kept; what seals second factors follows from it",
    )
    session_idle_minutes: int = Field(default=30, ge=1, description="A browser session ends after so long without use")
    session_hours: int = Field(default=10, ge=1, description="A browser session ends after so long in any case")
    sign_in_limit: int = Field(
        default=60, ge=1, description="Sign-in links that one client address may ask for in a quarter of an hour"
    )
    second_factor: bool | None = Field(
        default=None,
        description="Whether coordinators and operators show a second factor; left out: yes, but for a demonstration",
    )
    access_log_days: int = Field(default=730, ge=1, description="How long it is kept who read and exported what")
    oidc_issuer: str | None = Field(
        default=None,
        description="Identity provider (OpenID Connect): its issuer; left out: sign-in by mail only",
    )
    oidc_client_id: str | None = Field(default=None, description="This platform's name at the identity provider")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Its secret; left out for a public client")
    oidc_name: str = Field(default="OpenID Connect", description="What the identity provider is called on the button")
    oidc_trust_unverified: bool = Field(
        default=False, description="Whether an address counts that the provider does not call verified"
    )

    draft_days: int = Field(
        default=90,
        ge=1,
        description="A draft is deleted so many days after its due date and its last change, whichever came later",
    )
    evidence_dir: Path | None = Field(
        default=None,
        description="Folder in which files of evidence are kept, outside of what is served; left out: none are taken",
    )
    evidence_limit: int = Field(
        default=10 * 1024 * 1024, ge=1024, le=16 * 1024 * 1024, description="Largest file of evidence, in bytes"
    )

    @property
    def asks_second_factor(self) -> bool:
        """Whether coordinators and operators need a second factor."""
        return not self.demonstration if self.second_factor is None else self.second_factor
