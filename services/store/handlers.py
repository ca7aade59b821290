"""Taking results in: artifacts first, then the rows that point to them, so that a row never points to nothing; then the events about it.

Plain functions: the record, then what they need. Their effects are durable when they return, and each may be repeated without effect.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

import msgspec

from services.store.domain.announcements import filing_changed, stored_event, stored_id
from services.store.domain.identity import Stage
from services.store.domain.results import digests_of, load_result
from services.store.domain.told import Told, document_of, envelope_of, moment, object_of, read_told, step, time_of
from services.store.domain.views import ExtractedSummary
from services.store.ledger_ports import Ledger
from services.store.ports import Artifacts, Store
from shared.canonical import canonical_json, digest
from shared.contracts.extracted import DocumentInfo
from shared.contracts.filing import Filing
from shared.contracts.normalized import Normalized
from shared.contracts.rejected import Rejected
from shared.contracts.validated import Validated
from shared.delivery.faults import fault_point
from shared.delivery.messages import Outgoing, Received
from shared.envelope import Envelope
from shared.failures import PoisonError
from shared.filings import needs_reconciling
from shared.storage.payloads import payload_of

Body = TypeVar("Body")

GONE: Final = "gone"
"""Code on `documents.rejected` of an object that vanished before it was read."""


_REJECTED: Final = msgspec.json.Decoder(Rejected)
_FILING: Final = msgspec.json.Decoder(Filing)


def keep_result(
    store: Store,
    artifacts: Artifacts,
    document: DocumentInfo,
    extracted: ExtractedSummary,
    extracted_digest: str,
    normalized: Normalized,
    validated: Validated,
) -> dict[Stage, str]:
    """Stores a finished document whose extraction is an artifact already; returns the digests of all three artifacts.

    Killed between the two steps, it leaves artifacts that the next try finds again under the same digests.
    """
    digests: dict[Stage, str] = {
        "extract": extracted_digest,
        "normalize": artifacts.put(canonical_json(normalized)),
        "validate": artifacts.put(canonical_json(validated)),
    }
    store.store_result(document, extracted, normalized, validated, digests)
    return digests


def take_validated(received: Received, store: Store, ledger: Ledger, artifacts: Artifacts, now: Callable[[], datetime]) -> list[Outgoing]:
    """Stores the result of a document and tells about it: `documents.stored`, and `filings.changed` for filings that consist of other parts now.

    Raises: PoisonError: the event or an artifact is malformed. ArtifactMissing, DigestMismatch: a stage has to make one again.
    StoreUnavailable, DiskFull, TransientError.
    """
    told = read_told(received)
    ledger.note_step(step(received, "validated", told))
    digests, inline = digests_of(told.runs), payload_of(received.body, "validate").inline
    result = load_result(digests, lambda wanted: inline if inline is not None and wanted == digests["validate"] else artifacts.get(wanted))
    fault_point("before_database_commit")
    store.submit(told.submission, result.document.id, result.document.bytes, arrival(received, told))
    store.store_result(result.document, result.extracted, result.normalized, result.validated, result.digests)
    fault_point("after_database_commit")
    return announce(received, told, result.document.id, store, ledger, now())


def announce(received: Received, told: Told, document: str, store: Store, ledger: Ledger, at: datetime) -> list[Outgoing]:
    """The events about a document that is stored now; before them the step in the trail of its submission.

    What is announced is the current result. That of a version that is not the activated one is only kept; then the event is the one that was
    sent when the current result was stored, which consumers know.
    """
    cause = envelope_of(received)
    identifier = object_of(cause, told.submission)
    ledger.note_step(replace(step(received, "stored", told), event=stored_id(document, identifier, told.runs), at=at))
    stored = store.stored(document, told.submission)
    announced = [stored_event(stored, cause, identifier)] if stored is not None else []
    return [*announced, *changes(document, store, cause)]


def changes(document: str, store: Store, cause: Envelope | None = None) -> list[Outgoing]:
    """`filings.changed` for each filing that a stored document may have changed and that has something to reconcile."""
    states = (store.filing_state(filing) for filing in store.changed_filings(document))
    return [filing_changed(state, cause) for state in states if state is not None and needs_reconciling(state)]


def take_rejected(received: Received, store: Store, ledger: Ledger) -> list[Outgoing]:
    """Notes why a document cannot be read, or that its object has gone. A submission of a document that another version read is a revision all
    the same, so filings may change. Raises PoisonError `event.malformed`, StoreUnavailable, DiskFull.
    """
    told, rejected = read_told(received), decoded(_REJECTED, received.topic, received.body)
    if rejected.code == GONE:
        ledger.note_step(step(received, "gone", told, GONE))
        return []
    cause = envelope_of(received)
    document = document_of(cause)
    if document is not None:
        store.submit(told.submission, document, _size(received, told, ledger), arrival(received, told))
    store.store_rejection(document, told.submission, rejected, cause.producer)
    ledger.note_step(step(received, "rejected", told, rejected.code))
    return changes(document, store, cause) if document else []


def take_filing(received: Received, store: Store, artifacts: Artifacts) -> bool:
    """Stores the verdict over a filing; whether it is that of its present parts.

    Raises: PoisonError `event.malformed`. ArtifactMissing, DigestMismatch, StoreUnavailable, DiskFull, TransientError.
    """
    envelope = envelope_of(received)
    body = artifacts.get(envelope.digest) if envelope.digest else received.body
    return store.store_filing(decoded(_FILING, received.topic, body), envelope.digest or digest(body))


def arrival(received: Received, told: Told) -> datetime:
    """When a submission arrived: when its object was put, as the bucket says, so that a repeat or a restored database tells the same."""
    place = told.submission.object
    return moment(place.last_modified if place else None) or time_of(received)


def _size(received: Received, told: Told, ledger: Ledger) -> int | None:
    rows = ledger.row(object_of(envelope_of(received), told.submission))
    return rows[0].size if rows else None


def decoded(decoder: msgspec.json.Decoder[Body], topic: str, body: bytes) -> Body:
    """A body of our own contracts. Raises PoisonError `event.malformed`."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise PoisonError("event.malformed", f"{topic}: {problem}") from problem
