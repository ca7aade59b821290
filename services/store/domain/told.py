"""What the events of other stages tell the ledger: a record becomes a step, a deferred event or a dead letter. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from services.store.domain.ledger import DeadLetter, Deferred, Step, StepKind
from shared.contracts.common import Model, Submission
from shared.contracts.events import Runs
from shared.delivery.messages import Received
from shared.delivery.records import NoSuchRecordError, Origin, read_dead_letter, read_deferred
from shared.envelope import Envelope
from shared.failures import PoisonError
from shared.ids import object_id

_DOCUMENT = "sha256:"


class Told(Model, frozen=True, kw_only=True):
    """What every event of a stage says besides its result, which is passed over: whose it is, and the runs so far.

    `bytes`: size of the result, told where it travels by reference.
    """

    submission: Submission
    runs: Runs = Runs()
    bytes: int | None = None


_TOLD = msgspec.json.Decoder(Told)


def read_told(received: Received) -> Told:
    """Submission and runs of a stage's event. Raises PoisonError `event.malformed`."""
    try:
        return _TOLD.decode(received.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise PoisonError(
            "event.malformed", f"{received.topic}: the body says neither whose it is nor how it came about ({problem})"
        ) from problem


def envelope_of(received: Received) -> Envelope:
    """The envelope that the topic's events have. Raises PoisonError `event.malformed`."""
    if received.envelope is None:
        raise PoisonError("event.malformed", f"{received.topic}: a record without an envelope")
    return received.envelope


def object_of(envelope: Envelope, submission: Submission) -> str:
    """Id in the ledger of the object that an event is about. Raises PoisonError where the event names none."""
    if envelope.object:
        return envelope.object
    place = submission.object
    if place is None or place.version is None:
        raise PoisonError("event.malformed", f"{envelope.type} {envelope.id} names no object")
    return object_id(place.bucket, place.key, place.version)


def document_of(envelope: Envelope) -> str | None:
    """The document that an event is about; null where its bytes were not read."""
    return envelope.subject if envelope.subject.startswith(_DOCUMENT) else None


def time_of(received: Received) -> datetime:
    """When an event was sent, as it says itself; else when the broker got it. UTC."""
    return moment(received.envelope.time if received.envelope else "") or datetime.fromtimestamp(received.at_ms / 1000, UTC)


def moment(text: str | None) -> datetime | None:
    """A time in ISO 8601; null where it is none or has no zone."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def step(received: Received, kind: StepKind, told: Told, detail: str = "") -> Step:
    """The step that an event of a stage tells."""
    envelope = envelope_of(received)
    return Step(
        event=envelope.id,
        object=object_of(envelope, told.submission),
        kind=kind,
        at=time_of(received),
        document=document_of(envelope),
        runs=told.runs,
        version=envelope.producer or None,
        reason=envelope.reason,
        attempts=envelope.attempts,
        detail=detail,
        # An inline body is the result with submission and runs: a little more than the result alone.
        bytes=told.bytes or len(received.body),
    )


def deferred_of(received: Received) -> Deferred:
    """A record of `events.deferred`. Raises PoisonError where it is none of ours."""
    try:
        record = read_deferred(received)
    except NoSuchRecordError as problem:
        raise PoisonError("event.malformed", f"no deferred event: {problem}") from problem
    again, envelope = record.again(), record.origin.envelope
    at = moment(record.at) or time_of(received)
    return Deferred(
        service=record.service,
        topic=again.topic,
        key=again.key,
        headers=again.headers,
        value=again.body,
        event=envelope.id if envelope else None,
        object=_object(record.origin),
        code=record.code,
        message=record.text,
        tries=record.count,
        first_at=moment(record.first_at) or at,
        due=at + timedelta(seconds=record.seconds),
    )


def dead_letter_of(received: Received) -> DeadLetter:
    """A record of a dead-letter topic. Raises PoisonError where it is none of ours."""
    try:
        record = read_dead_letter(received)
    except NoSuchRecordError as problem:
        raise PoisonError("event.malformed", f"no dead letter: {problem}") from problem
    origin, envelope = record.origin, record.origin.envelope
    return DeadLetter(
        id=record.id,
        service=record.service,
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        key=origin.key,
        headers=origin.headers,
        value=origin.body or b"",
        event=envelope.id if envelope else None,
        object=_object(origin),
        document=document_of(envelope) if envelope else None,
        code=record.code,
        error=record.error_class,
        message=record.text,
        stack=record.stack,
        attempts=record.attempts,
        first_at=record.first_at,
        last_at=record.last_at,
        producer=record.release,
    )


def _object(origin: Origin) -> str | None:
    """The object that a failed record was about, as far as it can be told: damaged records are what lies here."""
    envelope = origin.envelope
    if envelope is None:
        return None
    try:
        return envelope.object or object_of(envelope, _TOLD.decode(origin.body or b"").submission)
    except (msgspec.DecodeError, UnicodeDecodeError, PoisonError):
        return None
