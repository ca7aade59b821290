"""The settings of an installation, from environment variables `TIEOUT_*`; docs/settings.md is made from here.

Secrets are `SecretStr`: they print as asterisks wherever they are logged or shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.topics import INLINE_BYTES


class Settings(BaseSettings):
    """What a service needs to know. Every field is `TIEOUT_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="TIEOUT_", frozen=True, extra="ignore")

    # Kafka
    kafka_bootstrap: str = Field("127.0.0.1:9092", description="Kafka brokers, HOST:PORT separated by commas")
    kafka_security: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = Field("plaintext", description="security protocol of Kafka")
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field("SCRAM-SHA-512", description="SASL mechanism")
    kafka_user: str = Field("", description="SASL user")
    kafka_password: SecretStr = Field(SecretStr(""), description="SASL password")
    kafka_ca: Path | None = Field(None, description="file with the certificate authority of Kafka's TLS certificate")
    topic_prefix: str = Field("tieout.", description="put before every topic and consumer group")
    partitions: int = Field(4, ge=1, description="partitions of a topic that tieout makes")
    replication: int = Field(1, ge=1, description="replicas of a topic that tieout makes")
    session_seconds: float = Field(10.0, gt=0, description="a consumer that is silent for so long loses its partitions")
    inline_bytes: int = Field(INLINE_BYTES, ge=1024, description="a larger payload travels by reference")

    # Object storage
    s3_endpoint: str = Field("http://127.0.0.1:9000", description="S3 endpoint; http or https decides on TLS")
    s3_region: str = Field("us-east-1", description="S3 region")
    s3_path_style: bool = Field(True, description="address buckets in the path, not in the host name")
    s3_ca: Path | None = Field(None, description="file with the certificate authority of the endpoint's TLS certificate")
    s3_access_key: str = Field("", description="S3 access key; empty: from TIEOUT_S3_CREDENTIALS")
    s3_secret_key: SecretStr = Field(SecretStr(""), description="S3 secret key")
    s3_credentials: Path | None = Field(None, description="file with credentials in AWS format, section [default]")
    s3_bucket: str = Field("tieout-inbox", description="bucket into which departments put their PDFs")
    s3_artifacts: str = Field("tieout-artifacts", description="bucket of artifacts, runs, attempts and decisions")

    # Database (store only)
    database: SecretStr = Field(SecretStr(""), description="URL of the PostgreSQL database (the store only)")

    # The process
    workers: int = Field(1, ge=1, le=256, description="child processes of a service, and documents that it works on at a time")
    http_host: str = Field("127.0.0.1", description="address on which health and metrics are served")
    http_port: int = Field(0, ge=0, le=65535, description="port of health and metrics; 0: none")
    work: Path = Field(Path("tieout-work"), description="scratch folder of the process, emptied at its start")
    instance: str = Field("", description="name of the process in logs and metrics; empty: service and process id")
    drain_seconds: float = Field(60.0, gt=0, description="how long a service that was asked to stop finishes its work")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least severe log line")
    otlp_endpoint: str = Field("", description="OpenTelemetry collector (OTLP over HTTP) for traces; empty: none")
    stuck_seconds: float = Field(900.0, gt=0, description="a service with waiting records and no completed work for so long is not alive")

    # Delivery
    retry_seconds: float = Field(20.0, gt=0, description="how long a passing failure is retried in place before the event is deferred")
    begun_limit: int = Field(
        5, ge=2, description="an event becomes a dead letter when work on it was begun so often and the service ended each time"
    )
    # Store
    sweep_seconds: float = Field(60.0, gt=0, description="how often the store lists the bucket")
    stalled_seconds: float = Field(900.0, gt=0, description="a submission in flight without progress for so long is started again")
    window: int = Field(0, ge=0, description="submissions between dispatch and extraction; 0: eight per partition")
    activate: str = Field(
        "",
        pattern=r"^(?:(?:extract|normalize|validate)=[^,=\s]+(?:,(?:extract|normalize|validate)=[^,=\s]+)*)?$",
        description="STAGE=VERSION,…: versions that count from the first start on; a stage that has an activated version keeps it",
    )
    keep_artifacts_days: int = Field(400, ge=1, description="artifacts that are not current are removed after so many days (tieout clean)")

    fault_points: str = Field("", description="test builds only: where the process kills itself or waits")
    production: bool = Field(False, description="refuses fault points")


def load_settings() -> Settings:
    """The settings of this process. Raises pydantic.ValidationError, which names the variable and what was expected."""
    return Settings()
