"""The store on fakes: a bucket in memory, a database on SQLite, records that are kept instead of sent, and stages that only pretend.

What a document says is decided by its bytes: `World.put` writes them, `World.stages` plays extractor, normalizer and validator with the small
results of tests/unit/store/store_documents.py.
"""

from __future__ import annotations

import functools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from services.store.adapters.engine import open_engine
from services.store.adapters.sql_ledger import SqlLedger
from services.store.adapters.sql_store import SqlStore
from services.store.app import StoreService
from services.store.domain.ledger import LedgerRow
from services.store.parts import Parts
from services.store.relay import relay_round
from services.store.sweep import SweepReport, sweep
from shared.canonical import canonical_json, digest
from shared.contracts.common import Submission
from shared.contracts.events import DocumentValidated, ObjectCreated, Reference, Runs, StageRun
from shared.delivery.messages import Outgoing, Received, Sendable, Verbatim
from shared.envelope import Envelope, MalformedEnvelopeError, from_headers, to_headers
from shared.failures import PoisonError
from shared.ids import event_id, filing_id, stage_event_id
from shared.settings import Settings
from shared.storage.artifacts import ArtifactBucket
from shared.storage.attempts import Attempts
from shared.storage.decisions import Decisions
from shared.storage.memory import MemoryStorage
from shared.storage.ports import StoredObject
from shared.topics import (
    DOCUMENTS_REJECTED,
    DOCUMENTS_VALIDATED,
    FACTS_NORMALIZED,
    OBJECTS_CREATED,
    OBJECTS_NOTIFIED,
    TABLES_EXTRACTED,
)
from tests.unit.store.store_documents import VERSIONS, Result, finished, result

INBOX, ARTIFACTS = "inbox", "artifacts"
START = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)


@functools.cache
def _new_database() -> Path:
    """An empty database: made once, since migrations take longer than most tests."""
    path = Path(tempfile.mkdtemp()) / "new.sqlite"
    open_engine(f"sqlite:///{path}").dispose()
    return path


class Topics:
    """A `TopicAdmin`: `missing` are made again once."""

    def __init__(self) -> None:
        self.missing: tuple[str, ...] = ()
        self.failure: Exception | None = None

    def make_missing(self) -> tuple[str, ...]:
        """Makes what is missing."""
        if self.failure is not None:
            raise self.failure
        made, self.missing = self.missing, ()
        return made


class Lead:
    """A `Leadership` that a test decides."""

    def __init__(self) -> None:
        self.leads = True

    def lead(self) -> bool:
        """As the test says."""
        return self.leads

    def close(self) -> None:
        """Nothing to leave."""


@dataclass
class Broker:
    """Keeps what is published. `unfit`: topics whose records are too large; `down`: nothing is taken."""

    records: list[Sendable] = field(default_factory=list)
    unfit: set[str] = field(default_factory=set)

    async def publish(self, record: Sendable) -> None:
        """Takes one record."""
        if record.topic in self.unfit:
            raise PoisonError("event.too_large", f"{record.topic} takes no such record")
        self.records.append(record)

    def on(self, topic: str) -> list[Sendable]:
        """The records of a topic."""
        return [record for record in self.records if record.topic == topic]

    def drain(self, topic: str) -> list[Sendable]:
        """Takes a topic's records away."""
        found = self.on(topic)
        self.records = [record for record in self.records if record.topic != topic]
        return found


class World:
    """A store with everything that it stands on. `now` is its clock."""

    def __init__(self, folder: Path, versioned: bool = True, **settings: Any) -> None:
        self.now = START
        self.storage = MemoryStorage(INBOX, ARTIFACTS, versioned=versioned, now=lambda: self.now)
        self.settings = Settings.model_construct(s3_bucket=INBOX, s3_artifacts=ARTIFACTS, **settings)
        self.artifacts = ArtifactBucket(self.storage, ARTIFACTS)
        self.decisions = Decisions(self.storage, ARTIFACTS)
        self.topics, self.leadership, self.broker = Topics(), Lead(), Broker()
        self.database = folder / "store.sqlite"
        self.open(self.database)

    def open(self, database: Path) -> None:
        """Opens a database, in place of the one before it."""
        if not database.exists():
            shutil.copy(_new_database(), database)
        engine = open_engine(f"sqlite:///{database}")
        self.store = SqlStore(engine, lambda: self.now)
        self.ledger = SqlLedger(engine)
        self.parts = Parts(
            self.settings, self.storage, self.store, self.ledger, self.artifacts, self.decisions, self.topics, self.leadership,
            close=engine.dispose, now=lambda: self.now,
        )  # fmt: skip
        self.service = StoreService(self.settings, Attempts(self.storage, ARTIFACTS), lambda: self.parts)
        self._app = self.service.app()
        self._offset = 0

    async def start(self) -> None:
        """What the service does before it consumes."""
        for hook in self._app.on_start:
            await hook()

    async def stop(self) -> None:
        """What it does at its end."""
        for hook in self._app.on_stop:
            await hook()

    def later(self, **difference: float) -> None:
        """Time goes by."""
        self.now += timedelta(**difference)

    # The bucket
    def put(self, key: str, text: str, **metadata: str) -> StoredObject:
        """A file arrives: a document that is known by its text."""
        self.later(seconds=1)
        return self.storage.put(INBOX, key, text.encode(), metadata)

    def sweep(self) -> SweepReport:
        """One sweep."""
        return sweep(self.parts.sweep)

    # Kafka
    async def deliver(self, record: Sendable, attempt: int = 1) -> list[Sendable]:
        """Gives a record to the store's handler of its topic; what it publishes is kept and returned."""
        headers = (
            to_headers(msgspec.structs.replace(record.envelope, time=self._time())) if isinstance(record, Outgoing) else record.headers
        )
        key = record.key.encode() if isinstance(record.key, str) else record.key
        subscription = next(each for each in self._app.subscriptions if each.topic == record.topic)
        try:
            envelope = from_headers(headers)
        except MalformedEnvelopeError:
            if subscription.needs_envelope:
                raise
            envelope = None
        self._offset += 1
        self.later(milliseconds=1)
        received = Received(
            record.topic, 0, self._offset, int(self.now.timestamp() * 1000), key, headers, record.body, envelope, attempt
        )  # fmt: skip
        events = list(await subscription.handler(received))
        self.broker.records += events
        return events

    async def notify(self, *keys: str, version: str | None = None, bucket: str = INBOX) -> None:
        """The storage says that objects arrived."""
        records = [
            {"eventName": "s3:ObjectCreated:Put", "s3": {"bucket": {"name": bucket}, "object": {"key": key, "versionId": version}}}
            for key in keys
        ]
        await self.deliver(Verbatim(OBJECTS_NOTIFIED, None, (), json.dumps({"Records": records}).encode()))

    async def relay(self) -> int:
        """One round of the relay."""
        return await relay_round(self.parts.relay(self.service._threads), self.broker.publish)

    # The stages
    async def stages(self, read: Callable[[str], Result | str] = result) -> list[Sendable]:
        """Everything that left for the extractor goes through all stages and back into the store; returns what the store published.

        Args: read: what a document's text comes to: a result, or the code of a rejection.
        """
        published: list[Sendable] = []
        while await self.relay() or self.broker.on(OBJECTS_CREATED):
            for record in self.broker.drain(OBJECTS_CREATED):
                for event in self.events_of(record, read):
                    published += await self.deliver(event)
        return published

    def events_of(self, created: Sendable, read: Callable[[str], Result | str] = result) -> list[Outgoing]:
        """The events of all stages for an `objects.created`, with their artifacts in the bucket."""
        self.later(seconds=1)
        assert isinstance(created, Verbatim)
        body, cause = msgspec.json.decode(created.body, type=ObjectCreated), from_headers(created.headers)
        place = body.submission.object
        assert place is not None
        text = self._bytes_of(body.submission).decode()
        made = read(text)
        if isinstance(made, str):
            return [self._rejected(body, cause, text, made)]
        return self._results(body, cause, self.kept(made))

    def kept(self, made: Result) -> Result:
        """The result with its three artifacts in the bucket."""
        extracted = {
            "document": msgspec.to_builtins(made.document),
            "tables": [{**table.__dict__, "pages": list(table.pages), "cells": []} for table in made.extracted.tables],
            "producer": {"name": "extractor", "version": made.extracted.version},
        }
        digests = {
            "extract": self.artifacts.put(json.dumps(extracted, ensure_ascii=False).encode()),
            "normalize": self.artifacts.put(canonical_json(made.normalized)),
            "validate": self.artifacts.put(canonical_json(made.validated)),
        }
        return Result(made.document, made.extracted, made.normalized, made.validated, digests)  # type: ignore[arg-type]

    def _results(self, body: ObjectCreated, cause: Envelope, made: Result) -> list[Outgoing]:
        runs = {
            "extract": StageRun(version=made.extracted.version, digest=made.artifacts["extract"]),
            "normalize": StageRun(version=made.normalized.producer.version, digest=made.artifacts["normalize"]),
            "validate": StageRun(version=made.validated.producer.version, digest=made.artifacts["validate"]),
        }
        upto = [Runs(**dict(list(runs.items())[: number + 1])) for number in range(3)]
        submission = body.submission
        references = [
            Reference(document=made.id, submission=submission, runs=each, digest=run.digest, bytes=1)
            for each, run in zip(upto[:2], runs.values(), strict=False)
        ]
        validated = DocumentValidated(
            document=made.validated.document, filing=filing_id(made.validated.document), verdict=made.validated.verdict,
            counts=made.validated.counts, coverage=made.validated.coverage, forms=made.validated.forms, findings=made.validated.findings,
            producer=made.validated.producer, submission=submission, runs=upto[2],
        )  # fmt: skip
        bodies = [canonical_json(each) for each in (*references, validated)]
        topics = (TABLES_EXTRACTED, FACTS_NORMALIZED, DOCUMENTS_VALIDATED)
        return [
            Outgoing(
                topic,
                made.id,
                self._envelope(
                    stage_event_id(topic, made.id, body.object, run.version, run.digest), topic, made.id, body.object, run.version, cause
                ),
                data,
            )
            for topic, run, data in zip(topics, runs.values(), bodies, strict=True)
        ]

    def _rejected(self, body: ObjectCreated, cause: Envelope, text: str, code: str) -> Outgoing:
        subject = body.object if code == "gone" else digest(text.encode())
        data = {
            "schema": "tieout.rejected/1", "submission": msgspec.to_builtins(body.submission), "code": code, "page": None,
            "message": {"zh": "无法读取", "en": "cannot be read"},
        }  # fmt: skip
        identifier = event_id(f"tieout.{DOCUMENTS_REJECTED}", subject, body.object, "extract", VERSIONS["extract"], code)
        envelope = self._envelope(identifier, DOCUMENTS_REJECTED, subject, body.object, VERSIONS["extract"], cause)
        return Outgoing(DOCUMENTS_REJECTED, subject, envelope, json.dumps(data).encode())

    def _envelope(self, identifier: str, topic: str, subject: str, object_id: str, version: str, cause: Envelope) -> Envelope:
        return Envelope(
            id=identifier, source="tieout/test", type=f"tieout.{topic}", subject=subject,
            time=self._time(), producer=version, reason=cause.reason, lane=cause.lane, object=object_id,
        )  # fmt: skip

    def _bytes_of(self, submission: Submission) -> bytes:
        place = submission.object
        assert place is not None
        return self.storage._found(place.bucket, place.key, place.version)[1]

    def _time(self) -> str:
        return self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    # Questions
    def rows(self) -> list[LedgerRow]:
        """All submissions, in the order of their arrival."""
        found = [row for identifier, _ in self.ledger.known_objects() for row in self.ledger.row(identifier)]
        return sorted(found, key=lambda row: (row.arrived_at, row.object))

    def outcomes(self) -> list[str | None]:
        """What became of the submissions, in the order of their arrival."""
        return [row.outcome for row in self.rows()]

    def created(self) -> list[str]:
        """Keys of the objects that left for the extractor and were not taken yet."""
        bodies = [msgspec.json.decode(record.body, type=ObjectCreated) for record in self.broker.on(OBJECTS_CREATED)]
        return [body.submission.object.key for body in bodies if body.submission.object is not None]


def of_version(base: Result, **versions: str) -> Result:
    """The same content made by other versions of the stages."""
    of = {**VERSIONS, **versions}
    normalized = msgspec.structs.replace(
        base.normalized, producer=msgspec.structs.replace(base.normalized.producer, version=of["normalize"])
    )
    validated = msgspec.structs.replace(base.validated, producer=msgspec.structs.replace(base.validated.producer, version=of["validate"]))
    return finished(base.document, normalized, validated, of)  # type: ignore[arg-type]


async def started(worlds: Iterable[World]) -> AsyncIterator[World]:
    """Starts worlds and stops them again."""
    for world in worlds:
        await world.start()
        yield world
        await world.stop()
