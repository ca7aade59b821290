"""Wiring of the store: which topic goes to which handler, which loops run beside them, and what wakes what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import structlog

from services.store import handlers, listening, loops
from services.store.activation import Adoption, activate_first
from services.store.filing_reminders import FilingReminders
from services.store.intake import take_notification
from services.store.measures import measure_notification
from services.store.parts import Parts
from services.store.sweep import SweepReport
from services.store.threads import Threads
from shared.delivery.messages import Handler, Publish, Received, Sendable
from shared.delivery.ports import AttemptsPort
from shared.delivery.service import Background, ServiceApp, Subscription
from shared.failures import PoisonError
from shared.settings import Settings
from shared.topics import (
    DECISIONS_MADE,
    DOCUMENTS_REJECTED,
    DOCUMENTS_VALIDATED,
    EVENTS_DEFERRED,
    FACTS_NORMALIZED,
    FILINGS_VALIDATED,
    OBJECTS_NOTIFIED,
    SERVICES,
    TABLES_EXTRACTED,
    dead_letters,
)

LOOPS: Final = 6
"""Threads for the loops, the probes and the start, besides one for each consumer."""

_log = structlog.get_logger(__name__)


def connections(settings: Settings) -> int:
    """Threads of the store, and so connections to the database: one for each record worked on, and those of the loops."""
    return settings.workers + 7 + len(SERVICES) + LOOPS


class StoreService:
    """The store. Its parts are opened when it starts, which may have to wait for the database.

    Args: open_parts: synchronous; raises StoreUnavailable or TransientError while something is away.
    """

    def __init__(self, settings: Settings, attempts: AttemptsPort, open_parts: Callable[[], Parts]) -> None:
        self._settings = settings
        self._attempts = attempts
        self._open_parts = open_parts
        self._parts: Parts | None = None
        self._threads = Threads(connections(settings))
        self._wake = loops.Wake()
        self._adopt = asyncio.Event()
        self._stopping = False

    @property
    def parts(self) -> Parts:
        """The things outside; there from `on_start` on."""
        if self._parts is None:
            raise RuntimeError("the store has not started")
        return self._parts

    def app(self) -> ServiceApp:
        """The store as the delivery layer runs it."""
        return ServiceApp(
            name="store",
            settings=self._settings,
            subscriptions=self._subscriptions(),
            attempts=self._attempts,
            backgrounds=(
                Background("relay", self._relay),
                Background("sweep", self._sweep),
                Background("measures", self._measures),
                Background("adoption", self._adoption),
                Background("filings", self._filings),
            ),
            probes={"database": self._database_ready, "s3": self._buckets_ready},
            on_start=(self._start,),
            on_stop=(self._stop,),
        )

    def _database_ready(self) -> bool:
        return self.parts.ready()

    def _buckets_ready(self) -> bool:
        return all(self.parts.storage.ready(bucket) for bucket in (self._settings.s3_bucket, self._settings.s3_artifacts))

    def _subscriptions(self) -> tuple[Subscription, ...]:
        """Attempts are durable where a payload is worked on; the others write down a line, and need nothing but the database for it.

        Those never defer: without the database nothing could note the deferral either, so their partitions wait.
        """
        lines: tuple[tuple[str, Handler], ...] = (
            (TABLES_EXTRACTED, self._progress),
            (FACTS_NORMALIZED, self._progress),
            (DOCUMENTS_REJECTED, self._rejected),
            (DECISIONS_MADE, self._decision),
        )
        # Records of other topics; some failed because they have no envelope.
        records: tuple[tuple[str, Handler], ...] = (
            (EVENTS_DEFERRED, self._deferred),
            *((dead_letters(service), self._dead_letter) for service in SERVICES),
        )
        return (
            Subscription(OBJECTS_NOTIFIED, self._waking(self._notified), needs_envelope=False, durable_attempts=False),
            Subscription(DOCUMENTS_VALIDATED, self._waking(self._validated), consumers=self._settings.workers),
            Subscription(FILINGS_VALIDATED, self._filing),
            *(self._line(topic, handler, needs_envelope=True) for topic, handler in lines),
            *(self._line(topic, handler, needs_envelope=False) for topic, handler in records),
        )

    def _line(self, topic: str, handler: Handler, needs_envelope: bool) -> Subscription:
        return Subscription(
            topic, self._waking(handler), needs_envelope=needs_envelope, durable_attempts=False, alone_on_second=False, defer=False
        )

    def _waking(self, handler: Handler) -> Handler:
        """A handler after which something may leave the outbox."""

        async def handle(received: Received) -> Sequence[Sendable]:
            events = await handler(received)
            self._wake.up()
            return events

        return handle

    async def _notified(self, received: Received) -> Sequence[Sendable]:
        parts = self.parts
        report = await self._threads.run(take_notification, received.body, parts.inbox, parts.ledger, parts.now)
        measure_notification(report)
        if report.unreadable:
            _log.warning("notification_unreadable", records=report.unreadable, body=received.body[:200].decode("utf-8", "replace"))
        return ()

    async def _progress(self, received: Received) -> Sequence[Sendable]:
        await self._threads.run(listening.note_progress, received, self.parts.ledger)
        return ()

    async def _validated(self, received: Received) -> Sequence[Sendable]:
        parts = self.parts
        return await self._threads.run(handlers.take_validated, received, parts.store, parts.ledger, parts.artifacts, parts.now)

    async def _rejected(self, received: Received) -> Sequence[Sendable]:
        return await self._threads.run(handlers.take_rejected, received, self.parts.store, self.parts.ledger)

    async def _filing(self, received: Received) -> Sequence[Sendable]:
        if not await self._threads.run(handlers.take_filing, received, self.parts.store, self.parts.artifacts):
            _log.info("filing_passed_over", why="it speaks of other members than the present ones, or a better version is stored")
        return ()

    async def _deferred(self, received: Received) -> Sequence[Sendable]:
        await self._threads.run(listening.note_deferred, received, self.parts.ledger, self.parts.now)
        return ()

    async def _dead_letter(self, received: Received) -> Sequence[Sendable]:
        """A record that is no dead letter must not become one: its topic keeps it, and each would beget the next."""
        try:
            await self._threads.run(listening.note_dead_letter, received, self.parts.ledger)
        except PoisonError as problem:
            _log.error("dead_letter_unreadable", why=problem.text)
        return ()

    async def _decision(self, received: Received) -> Sequence[Sendable]:
        decision = await self._threads.run(listening.carry_out, received, self.parts.ledger, self.parts.now)
        _log.info("decision", decision=decision.id, kind=decision.kind, by=decision.by)
        if decision.kind == "activate":
            self._adopt.set()
        return ()

    async def _start(self) -> None:
        if self._parts is None:
            self._parts = await self._threads.run(self._open_parts)
        await self._threads.run(activate_first, self._settings.activate, self.parts.store, self.parts.ledger)

    async def _stop(self) -> None:
        self._stopping = True  # a sweep in a thread outlives its loop
        if self._parts is not None:
            await self._threads.run(self._parts.lead.close)
            await self._threads.run(self._parts.close)
        await asyncio.to_thread(self._threads.close)  # it waits for what runs: the loop must not

    async def _relay(self, publish: Publish) -> None:
        await loops.run_relay(self.parts.relay(self._threads), self._wake, publish)

    async def _sweep(self, _: Publish) -> None:
        needs = replace(self.parts.sweep, going=lambda: not self._stopping)
        await loops.run_sweeps(needs, self.parts.lead, self._threads, self._after_sweep, self._settings.sweep_seconds)

    def _after_sweep(self, report: SweepReport) -> None:
        self._wake.up()
        if report.decisions:
            self._adopt.set()

    async def _measures(self, _: Publish) -> None:
        await loops.run_measures(self.parts.sweep, self.parts.lead, self._threads)

    async def _adoption(self, publish: Publish) -> None:
        parts = self.parts
        adoption = Adoption(parts.store, parts.ledger, parts.artifacts, parts.adopting)

        async def some() -> bool:
            adopted = await self._threads.run(adoption.some)
            for event in adopted.events:
                await publish(event)
            if adopted.events:
                await self._threads.run(adoption.told)
            return adopted.more

        await loops.run_adoption(some, self.parts.lead, self._threads, self._adopt)

    async def _filings(self, publish: Publish) -> None:
        reminders = FilingReminders(self._settings.stalled_seconds)
        await loops.run_reminders(reminders, self.parts.store, self.parts.lead, self._threads, self._settings.sweep_seconds, publish)


def build(settings: Settings) -> ServiceApp:
    """The store on its real database, object storage and broker, not started yet."""
    from services.store.adapters.opening import open_parts
    from shared.storage.attempts import Attempts
    from shared.storage.s3 import S3Storage

    size = connections(settings)
    storage = S3Storage(settings, size)
    return StoreService(settings, Attempts(storage, settings.s3_artifacts), lambda: open_parts(settings, storage, size)).app()
