"""How clients reach Kafka: addresses, TLS, SASL, times; and aiokafka kept from creating topics."""

from __future__ import annotations

import ssl
from typing import Any, Final

import aiokafka.client
from aiokafka.protocol.metadata import MetadataRequest
from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from shared.settings import Settings

METADATA_MAX_AGE_MS: Final = 10_000
"""A topic that was deleted and made again is heard after so long: with aiokafka's 300 s consumers stay silent for five minutes."""

REQUEST_TIMEOUT_MS: Final = 10_000


class _NeverCreating(MetadataRequest):  # type: ignore[misc]  # aiokafka ships no types
    """aiokafka 0.14 asks for metadata with `allow_auto_topic_creation` true and offers no switch: on a broker that allows it, a mere
    look at a topic would make it with one partition and one replica."""

    def __init__(self, topics: list[str] | None = None, allow_auto_topic_creation: bool | None = None) -> None:  # noqa: ARG002  its signature
        super().__init__(topics, allow_auto_topic_creation=False)


def forbid_topic_creation() -> None:
    """Makes all aiokafka clients of this process ask without creating. May be called again."""
    aiokafka.client.MetadataRequest = _NeverCreating


def security(settings: Settings) -> BaseSecurity:
    """TLS and SASL as FastStream wants them."""
    tls = settings.kafka_security in ("ssl", "sasl_ssl")
    context = ssl.create_default_context(cafile=str(settings.kafka_ca) if settings.kafka_ca else None) if tls else None
    if settings.kafka_security in ("plaintext", "ssl"):
        return BaseSecurity(ssl_context=context, use_ssl=tls)
    password = settings.kafka_password.get_secret_value()
    match settings.kafka_sasl_mechanism:
        case "PLAIN":
            return SASLPlaintext(username=settings.kafka_user, password=password, ssl_context=context, use_ssl=tls)
        case "SCRAM-SHA-256":
            return SASLScram256(username=settings.kafka_user, password=password, ssl_context=context, use_ssl=tls)
        case _:
            return SASLScram512(username=settings.kafka_user, password=password, ssl_context=context, use_ssl=tls)


def servers(settings: Settings) -> list[str]:
    """HOST:PORT of the brokers."""
    return [address.strip() for address in settings.kafka_bootstrap.split(",") if address.strip()]


def client_options(settings: Settings, client_id: str) -> dict[str, Any]:
    """Options that every aiokafka client takes (producer, consumer, admin)."""
    return {
        "bootstrap_servers": servers(settings),
        "client_id": client_id,
        "metadata_max_age_ms": METADATA_MAX_AGE_MS,
        "request_timeout_ms": REQUEST_TIMEOUT_MS,
        **parse_security(security(settings)),
    }
