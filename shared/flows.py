"""Who sends what to whom: the one table from which AsyncAPI, access lists and documents are made, and with which tests compare the services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.common import Model
from shared.contracts.events import (
    Decision,
    DocumentStored,
    DocumentValidated,
    FactsNormalized,
    ObjectCreated,
    Reference,
    TablesExtracted,
)
from shared.contracts.filing import Filing, FilingChanged
from shared.contracts.rejected import Rejected
from shared.topics import (
    DECISIONS_MADE,
    DOCUMENTS_REJECTED,
    DOCUMENTS_STORED,
    DOCUMENTS_VALIDATED,
    EVENTS_DEFERRED,
    FACTS_NORMALIZED,
    FILINGS_CHANGED,
    FILINGS_VALIDATED,
    OBJECTS_CREATED,
    OBJECTS_NOTIFIED,
    SERVICES,
    TABLES_EXTRACTED,
    ServiceName,
    dead_letters,
)

Party = ServiceName | Literal["storage", "operator"]
"""A service, the object storage (its notifications), or a person at the command line."""


@dataclass(frozen=True)
class Flow:
    """A topic's ends. `bodies`: what its records hold; none: the record of another topic, or not ours. `open`: meant for others' consumers."""

    topic: str
    senders: tuple[Party, ...]
    receivers: tuple[ServiceName, ...]
    bodies: tuple[type[Model], ...] = ()
    open: bool = False


FLOWS: Final[tuple[Flow, ...]] = (
    Flow(OBJECTS_NOTIFIED, ("storage",), ("store",)),
    Flow(OBJECTS_CREATED, ("store",), ("extractor",), (ObjectCreated,)),
    Flow(TABLES_EXTRACTED, ("extractor",), ("normalizer", "store"), (TablesExtracted, Reference)),
    Flow(FACTS_NORMALIZED, ("normalizer",), ("validator", "store"), (FactsNormalized, Reference)),
    Flow(DOCUMENTS_VALIDATED, ("validator",), ("store",), (DocumentValidated,), open=True),
    Flow(DOCUMENTS_STORED, ("store",), (), (DocumentStored,), open=True),
    Flow(DOCUMENTS_REJECTED, ("extractor", "normalizer", "validator"), ("store",), (Rejected,), open=True),
    Flow(FILINGS_CHANGED, ("store",), ("validator",), (FilingChanged,)),
    Flow(FILINGS_VALIDATED, ("validator",), ("store",), (Filing,), open=True),
    Flow(EVENTS_DEFERRED, SERVICES, ("store",)),
    Flow(DECISIONS_MADE, ("operator",), ("store",), (Decision,)),
    *(Flow(dead_letters(service), (service,), ("store",)) for service in SERVICES),
)

# Beside these the store sends records of every topic again: deferred ones when they are due, dead letters that a person redrives, and events
# from which a stalled submission starts anew. So it may write to every topic.
SENDS_AGAIN: Final[ServiceName] = "store"


def receives(service: ServiceName) -> tuple[str, ...]:
    """The topics that a service subscribes to."""
    return tuple(flow.topic for flow in FLOWS if service in flow.receivers)


def sends(party: Party) -> tuple[str, ...]:
    """The topics on which a party's own events go out."""
    return tuple(flow.topic for flow in FLOWS if party in flow.senders)
