"""Objects, steps, dead letters and decisions for tests of the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.store.domain.ledger import DeadLetter, Deferred, FoundObject, OutboxEvent, Step, StepKind
from services.store.ledger_ports import Ledger
from shared.contracts.common import ObjectRef, Submission
from shared.contracts.events import Decision, Runs, StageRun
from shared.envelope import Envelope, from_headers, to_headers
from shared.ids import object_id

T0 = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DOCUMENT = "sha256:" + "ab" * 32
EXTRACT = StageRun(version="0.1.0+e", digest="sha256:" + "1" * 64)
NORMALIZE = StageRun(version="0.1.0+n", digest="sha256:" + "2" * 64)
VALIDATE = StageRun(version="0.1.0+v", digest="sha256:" + "3" * 64)
RUNS: dict[str, Runs] = {
    "extracted": Runs(extract=EXTRACT),
    "normalized": Runs(extract=EXTRACT, normalize=NORMALIZE),
    "validated": Runs(extract=EXTRACT, normalize=NORMALIZE, validate=VALIDATE),
    "stored": Runs(extract=EXTRACT, normalize=NORMALIZE, validate=VALIDATE),
}
WAY: tuple[StepKind, ...] = ("extracted", "normalized", "validated", "stored")


def after(seconds: float) -> datetime:
    """A time so many seconds after T0."""
    return T0 + timedelta(seconds=seconds)


def found(
    name: str = "a.pdf", department: str | None = "财政局", version: str = "v1", modified: str = "2026-01-01T00:00:00Z"
) -> FoundObject:
    """An object as the bucket shows it."""
    key = f"{department}/{name}" if department else name
    place = ObjectRef(bucket="inbox", key=key, version=version, last_modified=modified)
    submission = Submission(name=name, department=department, object=place)
    return FoundObject(object=object_id("inbox", key, version), submission=submission, size=1234, etag="e" * 32)


def step(of: FoundObject | str, kind: StepKind, seconds: float, **changes: Any) -> Step:
    """A step of an object; those of stages with their runs."""
    identifier = of if isinstance(of, str) else of.object
    values: dict[str, Any] = {"event": f"evt:{kind}:{identifier[-6:]}", "object": identifier, "kind": kind, "at": after(seconds)}
    if kind in RUNS:
        values |= {"document": DOCUMENT, "runs": RUNS[kind], "version": "0.1.0", "bytes": 777}
    return Step(**{**values, **changes})


def finished(ledger: Ledger, of: FoundObject, seconds: float = 10, upto: StepKind = "stored", document: str = DOCUMENT) -> None:
    """Notes an object, lets its event leave, and tells all its steps up to a kind, a second apart."""
    ledger.note_object(of, after(seconds))
    dispatch(ledger, seconds + 1)
    for number, kind in enumerate(WAY[: WAY.index(upto) + 1], 2):
        ledger.note_step(step(of, kind, seconds + number, document=document))


def dispatch(ledger: Ledger, seconds: float, window: int = 100, limit: int = 100) -> list[OutboxEvent]:
    """Lets leave what may leave; returns it."""
    events = ledger.take(after(seconds), window, limit)
    ledger.sent([event.id for event in events], after(seconds))
    return events


def envelope_of(event: OutboxEvent | DeadLetter) -> Envelope:
    """The envelope in the headers of an event or of a dead letter's record."""
    return from_headers(event.headers)


def deferred(of: FoundObject, topic: str = "objects.created", seconds: float = 20, tries: int = 1, **changes: Any) -> Deferred:
    """An event given back for a passing reason, due ten seconds later."""
    envelope = Envelope(
        id=f"evt:{topic}:{of.object[-6:]}", source="tieout/store", type=f"tieout.{topic}", subject=of.object, object=of.object
    )
    values: dict[str, Any] = {
        "service": "extractor", "topic": topic, "key": b"inbox/a.pdf", "headers": (*to_headers(envelope), ("df-count", b"1"), ("odd", None)),
        "value": b"{}", "event": envelope.id, "object": of.object, "code": "storage.unavailable", "message": "no answer", "tries": tries,
        "first_at": after(seconds), "due": after(seconds + 10),
    }  # fmt: skip
    return Deferred(**{**values, **changes})


def dead_letter(of: FoundObject | None, number: int = 0, topic: str = "objects.created", seconds: float = 30, **changes: Any) -> DeadLetter:
    """A record on which the extractor gave up."""
    envelope = Envelope(
        id=f"evt:{topic}", source="tieout/store", type=f"tieout.{topic}", subject="x", object=of.object if of else "", redrive=number
    )
    values: dict[str, Any] = {
        "id": f"dead:{number:040x}", "service": "extractor", "topic": topic, "partition": 2, "offset": 17, "key": b"inbox/\xff",
        "headers": (*to_headers(envelope), ("odd", None)), "value": b"\x00poison", "event": envelope.id, "object": of.object if of else None,
        "document": None, "code": "child.crashed", "error": "PoisonError", "message": "the child died", "stack": "5" * 16, "attempts": 2,
        "first_at": "2026-01-02T03:04:20+00:00", "last_at": after(seconds).isoformat(), "producer": "0.1.0",
    }  # fmt: skip
    return DeadLetter(**{**values, **changes})


def decision(identifier: str, kind: str, seconds: float = 100, **changes: Any) -> Decision:
    """What a person decided."""
    return Decision(id=identifier, kind=kind, by="someone", at=after(seconds).isoformat(), **changes)  # type: ignore[arg-type]


def without_content(letter: DeadLetter) -> DeadLetter:
    """A dead letter as a list shows it."""
    return replace(letter, headers=(), value=b"")
