"""The topics between the services: names, keys, partitions, retention, sizes. `tieout up` makes them from here; nothing else does.

Brokers must not create topics by themselves (auto.create.topics.enable=false): one made on the fly has one partition and one replica.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

ServiceName = Literal["store", "extractor", "normalizer", "validator"]
SERVICES: Final[tuple[ServiceName, ...]] = ("store", "extractor", "normalizer", "validator")

OBJECTS_NOTIFIED: Final = "objects.notified"
OBJECTS_CREATED: Final = "objects.created"
TABLES_EXTRACTED: Final = "tables.extracted"
FACTS_NORMALIZED: Final = "facts.normalized"
DOCUMENTS_VALIDATED: Final = "documents.validated"
DOCUMENTS_STORED: Final = "documents.stored"
DOCUMENTS_REJECTED: Final = "documents.rejected"
FILINGS_CHANGED: Final = "filings.changed"
FILINGS_VALIDATED: Final = "filings.validated"
EVENTS_DEFERRED: Final = "events.deferred"
DECISIONS_MADE: Final = "decisions.made"

KIBI: Final = 1024
INLINE_BYTES: Final = 256 * KIBI
"""A payload beyond this travels by reference (default of TIEOUT_INLINE_BYTES)."""

_DAY_MS: Final = 86_400_000


def dead_letters(service: ServiceName) -> str:
    """The dead-letter topic of a service."""
    return f"{service}.dead-letters"


@dataclass(frozen=True)
class TopicSpec:
    """How a topic is made. `key`: what its records are keyed by. `max_bytes`: the largest record. `keep_days`: retention."""

    name: str
    key: str
    summary: str
    spread: bool = True  # False: one partition
    max_bytes: int = 1024 * KIBI
    keep_days: int = 7
    settings: Mapping[str, str] = field(default_factory=dict)

    def config(self) -> dict[str, str]:
        """Settings of the topic as Kafka names them."""
        return {"retention.ms": str(self.keep_days * _DAY_MS), "max.message.bytes": str(self.max_bytes), **self.settings}


# Bodies with findings inline may be long, and dead letters hold a whole record of another topic with its headers.
_LONG: Final = 8 * 1024 * KIBI

TOPICS: Final[tuple[TopicSpec, ...]] = (
    TopicSpec(OBJECTS_NOTIFIED, "any", "Notifications of the object storage as they come: hints, not promises.", spread=False),
    TopicSpec(OBJECTS_CREATED, "bucket/key", "An object that the ledger knows and that is to be read."),
    TopicSpec(TABLES_EXTRACTED, "document id", "The tables of a document."),
    TopicSpec(FACTS_NORMALIZED, "document id", "The facts of a document with their national codes."),
    TopicSpec(DOCUMENTS_VALIDATED, "document id", "Verdict, findings and coverage of a document.", max_bytes=_LONG, keep_days=30),
    TopicSpec(DOCUMENTS_STORED, "document id", "A result is stored and current: revision, what it supersedes, what changed.", keep_days=30),
    TopicSpec(DOCUMENTS_REJECTED, "document id or bucket/key", "A document that cannot be read, with a reason that its department can act on.", keep_days=30),
    TopicSpec(FILINGS_CHANGED, "filing id", "The members of a filing changed."),
    TopicSpec(FILINGS_VALIDATED, "filing id", "Verdict and findings over all members of a filing.", max_bytes=_LONG, keep_days=30),
    TopicSpec(EVENTS_DEFERRED, "key of the event", "An event whose work failed for a passing reason: the store sends it again later.", max_bytes=_LONG),
    TopicSpec(DECISIONS_MADE, "subject", "What people decided: activations, redrives, discards, requests to process again.", spread=False, keep_days=30),
    *(
        TopicSpec(dead_letters(service), "key of the event", f"Events on which the {service} fails by its own fault.", spread=False, max_bytes=_LONG, keep_days=90)
        for service in SERVICES
    ),
)  # fmt: skip


def all_topics() -> tuple[TopicSpec, ...]:
    """Every topic of an installation."""
    return TOPICS


def full_name(prefix: str, name: str) -> str:
    """The topic's name on the broker. Args: prefix: as configured, with its separator (default `tieout.`)."""
    return prefix + name
