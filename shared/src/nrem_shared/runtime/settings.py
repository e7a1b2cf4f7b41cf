"""Settings of a service, from the environment (`NREM_…`) or given by the composition that starts it."""

from __future__ import annotations

from pydantic import Field, PostgresDsn
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What every service needs. Field `database_url` is the variable `NREM_DATABASE_URL`, and so on."""

    model_config = SettingsConfigDict(env_prefix="NREM_", extra="ignore", frozen=True)

    database_url: PostgresDsn = Field(description="The service's own database, as its app role")
    owner_database_url: PostgresDsn | None = Field(
        default=None, description="The same database as its owner; only commands that mend or copy need it"
    )
    pool_size: int = Field(default=8, ge=2, le=100, description="Database connections of one process")
    request_limit: int = Field(default=100, ge=1, description="Requests under way in one process; one more is refused")
    kafka_bootstrap: str = Field(description="Kafka's address, host:port; several separated by commas")
    kafka_client_id: str = Field(default="nrem", description="How this installation names itself to Kafka")
    consumer_session_seconds: float = Field(
        default=10.0,
        ge=6,
        le=300,
        description="A consumer of which Kafka hears nothing for so long loses its partitions",
    )
    partitions: int = Field(default=1, ge=1, le=64, description="Partitions of each topic that `migrate` creates")
    replication: int = Field(default=1, ge=1, le=5, description="Copies of each topic; 3 on a cluster")
    topic_prefix: str = Field(default="", description="Put before every topic's name; empty in production")
    heartbeat_seconds: float = Field(default=2.0, gt=0, description="How often a relay says how far it is")
    fallback_poll_seconds: float = Field(default=1.0, gt=0, description="How often a relay looks without being woken")
    fresh_seconds: float = Field(default=120.0, gt=0, description="Older knowledge counts as stale")
    read_wait_seconds: float = Field(default=2.0, ge=0, description="How long a read waits for the reader's own write")
    dead_letter_limit: int = Field(default=100, ge=1, description="Unresolved dead letters at which a consumer stops")
    demonstration: bool = Field(default=False, description="The clock is moved by events; sign-in by one click")
    public_url: str = Field(default="http://127.0.0.1:8080", description="Where people reach the platform")
    secure_cookies: bool = Field(default=True, description="Cookies over TLS only; off for a demonstration on loopback")
    token_issuer: str = Field(default="nrem-intake", description="Name in `iss` of the tokens intake issues")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
