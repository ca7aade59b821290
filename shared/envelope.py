"""The envelope of events: CloudEvents 1.0 in Kafka's binary mode. Attributes are headers, the body is the data.

Headers of others' making are legal Kafka and may hold anything: reading is lenient, and what is no envelope is told, not raised.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from shared.contracts.common import Model
from shared.contracts.events import Lane, Reason

Headers = tuple[tuple[str, bytes], ...]

CONTENT_TYPE: Final = "application/json"
_SPEC: Final = "1.0"


class Envelope(Model, frozen=True, kw_only=True):
    """CloudEvents attributes. Names without underscores are those of the standard; the others are extensions of ours.

    `subject`: document id, or object id where the bytes were not read yet, or filing id. `object`: id of the submission in the ledger, where
    the event has one. `producer`: version of the stage that made the data. `reason`: why it was made; `lane`: uploads overtake bulk work.
    `force`: the stage computes again although an artifact is there. `redrive`: how often a person sent it again. `attempts`: how often the
    work that led to the event was begun.
    `dataref`, `digest`: where the payload lies and its sha256, for payloads by reference. `time`: ISO 8601, UTC, when it was sent.
    """

    id: str
    source: str
    type: str
    subject: str
    time: str = ""
    dataschema: str = ""
    traceparent: str = ""
    producer: str = ""
    reason: Reason = "upload"
    lane: Lane = "upload"
    object: str = ""
    force: bool = False
    redrive: int = 0
    attempts: int = 1
    dataref: str = ""
    digest: str = ""


_REASONS: Final[dict[str, Reason]] = {"upload": "upload", "reprocess": "reprocess", "repair": "repair"}
_LANES: Final[dict[str, Lane]] = {"upload": "upload", "bulk": "bulk"}
_TEXTS: Final = ("time", "dataschema", "traceparent", "producer", "object", "dataref", "digest")
_NEEDED: Final[tuple[Literal["id", "source", "type", "subject"], ...]] = ("id", "source", "type", "subject")


def to_headers(envelope: Envelope) -> Headers:
    """The headers of an event, in a fixed order; attributes without value are left out.

    `traceparent` stands twice: as the CloudEvents extension and under the plain name that W3C trace context gives it.
    """
    headers: list[tuple[str, str]] = [("content-type", CONTENT_TYPE), ("ce_specversion", _SPEC)]
    headers += [(f"ce_{name}", getattr(envelope, name)) for name in (*_NEEDED, *_TEXTS) if getattr(envelope, name)]
    headers += [("ce_reason", envelope.reason), ("ce_lane", envelope.lane)]
    if envelope.force:
        headers.append(("ce_force", "true"))
    if envelope.redrive:
        headers.append(("ce_redrive", str(envelope.redrive)))
    if envelope.attempts > 1:
        headers.append(("ce_attempts", str(envelope.attempts)))
    if envelope.traceparent:
        headers.append(("traceparent", envelope.traceparent))
    return tuple((name, value.encode()) for name, value in headers)


class MalformedEnvelopeError(Exception):
    """The headers are no CloudEvents envelope of version 1.0; the text says what is missing or wrong."""


def from_headers(headers: Iterable[tuple[str, bytes | None]]) -> Envelope:
    """The envelope in a record's headers. Unknown headers, and those that are null or no UTF-8, are passed over.

    Raises: MalformedEnvelopeError: an attribute that every event has is missing, or the version of the standard is another.
    """
    found = {name.lower(): value.decode("utf-8", "replace") for name, value in headers if value is not None}
    if found.get("ce_specversion") != _SPEC:
        raise MalformedEnvelopeError(f"ce_specversion is {found.get('ce_specversion')!r}, expected {_SPEC!r}")
    if missing := [name for name in _NEEDED if not found.get(f"ce_{name}")]:
        raise MalformedEnvelopeError(f"missing: {', '.join('ce_' + name for name in missing)}")
    return Envelope(
        **{name: found[f"ce_{name}"] for name in _NEEDED},
        **{name: found.get(f"ce_{name}", "") for name in _TEXTS},
        reason=_REASONS.get(found.get("ce_reason", ""), "upload"),
        lane=_LANES.get(found.get("ce_lane", ""), "upload"),
        force=found.get("ce_force") == "true",
        redrive=_count(found.get("ce_redrive"), 0),
        attempts=_count(found.get("ce_attempts"), 1),
    )


def _count(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else otherwise
