"""What a handler gets and gives: plain values, free of any broker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from shared.envelope import Envelope

RawHeaders = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True)
class Received:
    """A record as it lies on a topic. `topic` is the short name (shared/topics.py), `body` the raw bytes, `at_ms` the broker's time.

    `envelope` is null only for topics whose records are not ours (objects.notified). `attempt` counts from 1 and survives the process.
    """

    topic: str
    partition: int
    offset: int
    at_ms: int
    key: bytes | None
    headers: RawHeaders
    body: bytes
    envelope: Envelope | None
    attempt: int = 1


@dataclass(frozen=True)
class Outgoing:
    """An event to publish on a topic (short name). The runner stamps the envelope's time and takes lane and trace from what was received."""

    topic: str
    key: str
    envelope: Envelope
    body: bytes


@dataclass(frozen=True)
class Verbatim:
    """A record to publish as it is: dead letters, deferred events, and originals that are sent again. Nothing is stamped on it."""

    topic: str
    key: bytes | None
    headers: RawHeaders
    body: bytes


Sendable = Outgoing | Verbatim

Publish = Callable[[Sendable], Awaitable[None]]
"""Sends one record and returns once all replicas have it. Waits as long as the broker is away; a time-out never reaches the caller.

Raises PoisonError `event.too_large`: the record is larger than its topic takes. asyncio.CancelledError: the service stops."""

Handler = Callable[[Received], Awaitable[Sequence[Sendable]]]
"""Does the work for one event and returns what has to be published for it. Raises TransientError, PoisonError; any other exception
is poison. When it returns, its own effects are durable."""
