"""The relay: what waits in the outbox goes to the broker, and leaves the outbox once all replicas have it.

Killed between the two it sends again what it had sent: consumers know repeats by the event's id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from services.store.domain.ledger import DeadLetter, OutboxEvent
from services.store.domain.told import document_of
from services.store.ledger_ports import Ledger
from services.store.ports import Leadership
from services.store.threads import Threads
from shared.delivery.faults import fault_point_async
from shared.delivery.messages import Publish, Verbatim
from shared.envelope import MalformedEnvelopeError, from_headers
from shared.failures import PoisonError
from shared.ids import hashed

BATCH: Final = 100
"""Events of one round: their bodies are small but for those that were deferred, of which each is 8 MiB at the most."""


@dataclass(frozen=True)
class Relay:
    """What the relay needs. `window`: submissions between dispatch and extraction. `release`: of this program, for dead letters."""

    ledger: Ledger
    lead: Leadership
    threads: Threads
    window: int
    release: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


async def relay_round(relay: Relay, publish: Publish) -> int:
    """Sends what may leave now, all at once, and waits for it; how many events left. Nothing while another store leads.

    Raises TransientError: the database is away. What was sent and could not be marked is sent again.
    """
    if not await relay.threads.run(relay.lead.lead):
        return 0
    events = await relay.threads.run(relay.ledger.take, relay.now(), relay.window, BATCH)
    if not events:
        return 0
    await fault_point_async("before_dispatch")
    unfit = await asyncio.gather(*(_send(event, publish) for event in events))
    await fault_point_async("after_publish")
    await relay.threads.run(_mark, relay, events, [letter for letter in unfit if letter is not None])
    return len(events)


def _mark(relay: Relay, events: Sequence[OutboxEvent], unfit: Sequence[tuple[OutboxEvent, PoisonError]]) -> None:
    now = relay.now()
    for event, problem in unfit:
        relay.ledger.note_dead_letter(_letter(event, problem, now, relay.release))
    relay.ledger.sent([event.id for event in events], now)


async def _send(event: OutboxEvent, publish: Publish) -> tuple[OutboxEvent, PoisonError] | None:
    """Sends one event; the failure where no broker would ever take it."""
    try:
        await publish(Verbatim(event.topic, event.key, event.headers, event.body))
    except PoisonError as problem:
        return event, problem
    return None


def _letter(event: OutboxEvent, problem: PoisonError, now: datetime, release: str) -> DeadLetter:
    """The dead letter of an event that cannot be sent: it is in no topic, so the ledger alone keeps it."""
    try:
        envelope = from_headers(event.headers)
    except MalformedEnvelopeError:
        envelope = None
    return DeadLetter(
        id="dead:" + hashed(["store", event.id, envelope.redrive if envelope else 0]),
        service="store",
        topic=event.topic,
        partition=-1,
        offset=-1,
        key=event.key,
        headers=event.headers,
        value=event.body,
        event=event.id,
        object=event.object,
        document=document_of(envelope) if envelope else None,
        code=problem.code,
        error=type(problem).__name__,
        message=problem.text,
        stack="",
        attempts=1,
        first_at=now.isoformat(),
        last_at=now.isoformat(),
        producer=release,
    )
