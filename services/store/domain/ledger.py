"""The ledger's words: what is known of every object, what happened to it, what leaves the outbox, what the audit says. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.common import Submission
from shared.contracts.events import Lane, Reason, Runs, StageName

Outcome = Literal["stored", "rejected", "dead_lettered", "gone"]
WaitsFor = Literal["extract", "normalize", "validate", "store"]
StepKind = Literal[
    "arrived", "dispatched", "extracted", "normalized", "validated", "stored", "rejected", "gone", "deferred", "dead_lettered", "redriven",
    "discarded", "restarted", "reprocess_requested",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FoundObject:
    """An object version as the bucket shows it. `object` is its id (shared.ids.object_id); `version` may be the stand-in for buckets without."""

    object: str
    submission: Submission
    size: int
    etag: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened to a submission, known by the id of the event that tells it: told twice it is one step.

    `at`: when it happened (the event's time). `version`: of the stage. `attempts`: how many it took. `detail`: code or text for people.
    `bytes`: size of a stage's result (uncompressed), so that it can be sent again by reference. `stage`: where work begins again, of restarted,
    reprocess_requested and redriven (null: with the object). `last_at`: when it was told last, where that was later than `at`: an event that
    is sent again has the same id and a later time.
    """

    event: str
    object: str
    kind: StepKind
    at: datetime
    document: str | None = None
    runs: Runs | None = None
    version: str | None = None
    reason: Reason = "upload"
    attempts: int = 1
    detail: str = ""
    bytes: int | None = None
    stage: StageName | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OutboxEvent:
    """An event that waits to be published: topic by short name, key, headers, body as they will be sent. `id` is the event's.

    `scheduled`: it is work for the extractor, or bulk work, and leaves in its lane and turn, inside the window; the others leave at once.
    `department`, `lane`: whose turn it is. `due`: not before this time; for scheduled work also its place in the queue.
    `waiting`: for what, where it was deferred. A record that is sent again may have no key, a key that is no text, and null headers.
    """

    id: str
    topic: str
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    body: bytes
    scheduled: bool = False
    object: str | None = None
    department: str | None = None
    lane: Lane = "upload"
    due: datetime | None = None
    waiting: str = ""


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A record of a dead-letter topic. `id` is made of service, event id and redrive; `value` and `headers` are the original's, byte for byte.

    `status`: dead, redriven (sent again; it may die again under another id) or discarded.
    """

    id: str
    service: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes
    event: str | None
    object: str | None
    document: str | None
    code: str
    error: str
    message: str
    stack: str
    attempts: int
    first_at: str
    last_at: str
    producer: str
    status: Literal["dead", "redriven", "discarded"] = "dead"
    decided: str = ""


@dataclass(frozen=True, kw_only=True)
class Deferred:
    """A record of `events.deferred`: the original's topic, key, headers and value, why it waits, how often, and until when."""

    service: str
    topic: str
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes
    event: str | None
    object: str | None
    code: str
    message: str
    tries: int
    first_at: datetime
    due: datetime


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """Where a submission stands. `outcome` null: in flight. `stage`: the last that finished. `waiting`: for what, where it waits.

    `queued`: it has not left the outbox. `progressed_at`: the last step. `restarts`: how often the sweep started it again. `since`: when what
    is under way began (its arrival, or the request to process it again); null where nothing is.
    """

    object: str
    submission: Submission
    size: int
    document: str | None
    outcome: Outcome | None
    under_way: bool
    stage: StageName | None
    lane: Lane
    reason: Reason
    queued: bool
    waiting: str
    arrived_at: datetime
    progressed_at: datetime
    restarts: int
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Hole:
    """An object that nobody works on: unknown to the ledger, or in flight without progress for longer than the limit."""

    bucket: str
    key: str
    version: str
    why: str
    object: str


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Objects of the bucket against the ledger (contracts, section 4). `discarded` are counted in `dead_lettered` as well."""

    objects: int
    submissions: int
    stored: int
    rejected: int
    dead_lettered: int
    gone: int
    in_flight: int
    discarded: int
    holes: tuple[Hole, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The ledger at a glance, for `watch` and metrics. Times in seconds.

    `queued`: not dispatched yet, by lane. `at_stage`: under way, by the stage that they wait for (after the last one: store). `rate`:
    submissions finished a second lately: over five minutes, or less where enough were finished. `oldest`: the oldest unfinished ones first.
    """

    submissions: int
    outcomes: dict[Outcome, int]
    queued: dict[Lane, int]
    at_stage: dict[WaitsFor, int]
    deferred: int
    dead_letters: int
    outbox: int
    rate: float
    oldest_age: float | None
    oldest: tuple[LedgerRow, ...]
