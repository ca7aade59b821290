"""Events as the services receive them, and a bucket with documents, for tests of the stages."""

from __future__ import annotations

import msgspec

from shared.canonical import canonical_json
from shared.contracts.common import ObjectRef, Submission
from shared.contracts.events import ObjectCreated
from shared.delivery.messages import Outgoing, Received
from shared.envelope import Envelope, to_headers
from shared.ids import event_id, object_id, trace_parent
from shared.storage.ports import StoredObject
from shared.topics import OBJECTS_CREATED

INBOX, KEPT = "inbox", "artifacts"


def created(stored: StoredObject, **attributes: object) -> Received:
    """`objects.created` of an object, as the store sends it."""
    identity = object_id(stored.bucket, stored.key, stored.version)
    place = ObjectRef(bucket=stored.bucket, key=stored.key, version=stored.version, last_modified=stored.last_modified)
    submission = Submission(name=stored.key.rpartition("/")[2], department="财政局", object=place)
    body = ObjectCreated(object=identity, submission=submission, bytes=stored.size, etag=stored.etag)
    envelope = Envelope(
        id=event_id(OBJECTS_CREATED, identity),
        source="tieout/store",
        type=f"tieout.{OBJECTS_CREATED}",
        subject=identity,
        traceparent=trace_parent(identity),
        object=identity,
    )
    envelope = msgspec.structs.replace(envelope, **attributes)
    return received(Outgoing(OBJECTS_CREATED, f"{stored.bucket}/{stored.key}", envelope, canonical_json(body)))


def received(sent: Outgoing, **attributes: object) -> Received:
    """What a consumer gets of what was sent."""
    envelope = msgspec.structs.replace(sent.envelope, **attributes)
    return Received(sent.topic, 0, 0, 1_790_000_000_000, sent.key.encode(), to_headers(envelope), sent.body, envelope)
