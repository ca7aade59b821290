"""The store's own events: a result is stored, a filing consists of other parts now. Pure; ids follow from content."""

from __future__ import annotations

from typing import Final

from shared.canonical import canonical_json, digest
from shared.contracts.events import DocumentStored, Runs
from shared.contracts.filing import FilingChanged
from shared.delivery.messages import Outgoing
from shared.envelope import Envelope
from shared.ids import event_id, trace_parent
from shared.topics import DOCUMENTS_STORED, FILINGS_CHANGED
from shared.versions import RELEASE

SOURCE: Final = "tieout/store"


def stored_id(document: str, object_id: str, runs: Runs) -> str:
    """Id of the event that a result is stored, for one submission; the same for the step that the ledger notes."""
    return event_id(DOCUMENTS_STORED, document, object_id, canonical_json(runs).decode())


def stored_event(stored: DocumentStored, cause: Envelope | None, object_id: str) -> Outgoing:
    """`documents.stored` for one submission. Its id is that of the submission and the runs: stored again, it is the same event.

    Args: cause: the event that brought the result; reason and lane are its. Null: an activation did.
    """
    envelope = Envelope(
        id=stored_id(stored.document.id, object_id, stored.runs),
        source=SOURCE,
        type=f"tieout.{DOCUMENTS_STORED}",
        subject=stored.document.id,
        dataschema=stored.schema,
        traceparent=(cause.traceparent if cause else "") or trace_parent(object_id),
        producer=RELEASE,
        reason=cause.reason if cause else "reprocess",
        lane=cause.lane if cause else "bulk",
        object=object_id,
    )
    return Outgoing(DOCUMENTS_STORED, stored.document.id, envelope, canonical_json(stored))


def filing_changed(state: FilingChanged, cause: Envelope | None = None) -> Outgoing:
    """`filings.changed`. Its id is that of what the filing consists of. Args: cause: the event that changed it; null for a repair."""
    body = canonical_json(state)
    envelope = Envelope(
        id=event_id(FILINGS_CHANGED, state.filing.id, digest(body)),
        source=SOURCE,
        type=f"tieout.{FILINGS_CHANGED}",
        subject=state.filing.id,
        dataschema=state.schema,
        traceparent=cause.traceparent if cause else trace_parent(state.filing.id),
        producer=RELEASE,
        reason=cause.reason if cause else "repair",
        lane=cause.lane if cause else "upload",
    )
    return Outgoing(FILINGS_CHANGED, state.filing.id, envelope, body)
