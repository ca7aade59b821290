"""Rows of the ledger's tables from its values, and back."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping

from services.store.domain.beginnings import text_of
from services.store.domain.ledger import DeadLetter, FoundObject, LedgerRow, OutboxEvent, Step
from services.store.domain.positions import Position, last_told
from shared.canonical import canonical_json
from shared.contracts.common import ObjectRef, Submission
from shared.contracts.events import Runs

Row = dict[str, Any]

_RUNS = msgspec.json.Decoder(Runs)
_HEADERS = msgspec.json.Decoder(tuple[tuple[str, bytes | None], ...])  # bytes: base64


def moment(text: str) -> datetime:
    """A time as `text_of` wrote it."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """The same, or null."""
    return None if text is None else moment(text)


def headers_text(headers: tuple[tuple[str, bytes | None], ...]) -> str:
    """Headers as text: values in base64, as they may be anything."""
    return canonical_json([(name, None if value is None else base64.b64encode(value).decode()) for name, value in headers]).decode()


def step_row(step: Step) -> Row:
    """A row of `steps`."""
    return {
        "object": step.object,
        "event": step.event,
        "kind": step.kind,
        "at": text_of(step.at),
        "last_at": text_of(last_told(step)),
        "document": step.document,
        "stage": step.stage,
        "version": step.version,
        "reason": step.reason,
        "attempts": step.attempts,
        "bytes": step.bytes,
        "runs": None if step.runs is None else canonical_json(step.runs).decode(),
        "detail": step.detail,
    }


def step_of(row: RowMapping) -> Step:
    """A step from its row."""
    return Step(
        event=row["event"],
        object=row["object"],
        kind=row["kind"],
        at=moment(row["at"]),
        document=row["document"],
        runs=None if row["runs"] is None else _RUNS.decode(row["runs"]),
        version=row["version"],
        reason=row["reason"],
        attempts=row["attempts"],
        detail=row["detail"],
        bytes=row["bytes"],
        stage=row["stage"],
        last_at=moment(row["last_at"]) if row["last_at"] > row["at"] else None,
    )


def found_row(found: FoundObject) -> Row:
    """The part of a ledger row that says which object it is. Raises ValueError: it lies in no bucket."""
    place = found.submission.object
    if place is None:
        raise ValueError(f"{found.object} lies in no bucket")
    return {
        "object": found.object,
        "bucket": place.bucket,
        "key": place.key,
        "version": place.version,
        "last_modified": place.last_modified,
        "name": found.submission.name,
        "department": found.submission.department,
        "size": found.size,
        "etag": found.etag,
    }


def position_row(position: Position) -> Row:
    """The part of a ledger row that follows from its steps."""
    return {
        "document": position.document,
        "outcome": position.outcome,
        "place": position.place,
        "stage": position.stage,
        "lane": position.lane,
        "reason": position.reason,
        "since": None if position.since is None else text_of(position.since),
        "progressed_at": text_of(position.progressed_at),
        "settled_at": None if position.settled_at is None else text_of(position.settled_at),
        "restarts": position.restarts,
    }


def found_of(row: RowMapping) -> FoundObject:
    """The object of a ledger row."""
    return FoundObject(object=row["object"], submission=_submission(row), size=row["size"], etag=row["etag"])


def _submission(row: RowMapping) -> Submission:
    place = ObjectRef(bucket=row["bucket"], key=row["key"], version=row["version"], last_modified=row["last_modified"])
    return Submission(name=row["name"], department=row["department"], object=place)


def ledger_row_of(row: RowMapping) -> LedgerRow:
    """A ledger row; `waiting` beside its own columns comes from the outbox (null: nothing there)."""
    return LedgerRow(
        object=row["object"],
        submission=_submission(row),
        size=row["size"],
        document=row["document"],
        outcome=row["outcome"],
        under_way=row["place"] is not None,
        stage=row["stage"],
        lane=row["lane"],
        reason=row["reason"],
        queued=row["place"] == "queued",
        waiting=row["waiting"] or "",
        arrived_at=moment(row["arrived_at"]),
        progressed_at=moment(row["progressed_at"]),
        restarts=row["restarts"],
        since=moment_or_none(row["since"]),
    )


def outbox_row(event: OutboxEvent, at: datetime) -> Row:
    """A row of `outbox`. Args: at: when it may leave where the event names no time."""
    return {
        "id": event.id,
        "topic": event.topic,
        "key": event.key,
        "headers": headers_text(event.headers),
        "body": event.body,
        "scheduled": int(event.scheduled),
        "object": event.object,
        "department": event.department or "",
        "lane": event.lane,
        "due": text_of(event.due or at),
        "waiting": event.waiting,
    }


def outbox_event_of(row: RowMapping) -> OutboxEvent:
    """An event from its row."""
    return OutboxEvent(
        id=row["id"],
        topic=row["topic"],
        key=row["key"],
        headers=_HEADERS.decode(row["headers"]),
        body=row["body"],
        scheduled=bool(row["scheduled"]),
        object=row["object"],
        department=row["department"] or None,
        lane=row["lane"],
        due=moment(row["due"]),
        waiting=row["waiting"],
    )


_LETTER = (
    "id", "service", "topic", "partition", "offset", "key", "value", "event", "object", "document", "code", "error", "message", "stack",
    "attempts", "first_at", "last_at", "producer", "status", "decided",
)  # fmt: skip


def letter_row(letter: DeadLetter) -> Row:
    """A row of `dead_letters`."""
    return {"headers": headers_text(letter.headers), **{name: getattr(letter, name) for name in _LETTER}}


def letter_of(row: RowMapping) -> DeadLetter:
    """A dead letter from its row; where headers and value were not asked for, they are empty."""
    headers = _HEADERS.decode(row["headers"]) if "headers" in row else ()
    return DeadLetter(headers=headers, **{name: row.get(name, b"") if name == "value" else row[name] for name in _LETTER})
