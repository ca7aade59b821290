"""A record that is worked on, and how often work on its event was begun: counted durably, so that an input which ends the service is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from shared.delivery.faults import fault_point_async
from shared.delivery.messages import Received
from shared.delivery.policy import ENDED_SERVICE, Failure, attempt_key, failure_of, growing_delays
from shared.delivery.ports import Attempt, AttemptsPort, Clock
from shared.delivery.service import Subscription
from shared.telemetry import metrics
from shared.telemetry.logs import log
from shared.telemetry.meter import Meter
from shared.topics import EVENTS_DEFERRED, ServiceName


@dataclass
class InWork:
    """A record on its way through the runner. `attempt`: the last one begun, by whichever process; null: none. `counted`: it is this one's."""

    subscription: Subscription
    record: Received
    trace: str
    begun: float
    now: str
    attempt: Attempt | None = None
    counted: bool = False
    first_failure: float | None = None
    delays: Iterator[float] = field(default_factory=growing_delays)

    @property
    def topic(self) -> str:
        """Where it comes from (short name)."""
        return self.record.topic

    @property
    def number(self) -> int:
        """Of the last attempt begun; 0: none was."""
        return self.attempt.number if self.attempt else 0

    @property
    def first_at(self) -> str:
        """When the first attempt began."""
        return self.attempt.first_at if self.attempt else self.now

    @property
    def deferrable(self) -> bool:
        """Whether it may be sent to events.deferred."""
        return self.subscription.defer and self.topic != EVENTS_DEFERRED


class Counting:
    """Counts the attempts on records in work.

    Args: limit: an event is given up when work on it was begun so often and the service ended each time. secrets: must not be logged.
    """

    def __init__(
        self, name: ServiceName, limit: int, attempts: AttemptsPort, clock: Clock, meter: Meter, secrets: Sequence[str] = ()
    ) -> None:
        self._name = name
        self._limit = limit
        self._attempts = attempts
        self._clock = clock
        self._meter = meter
        self._secrets = secrets

    async def look(self, work: InWork) -> Failure | None:
        """Learns how often work on the event was begun, unless its attempt is counted. Returns why that cannot be, or that the event ended the
        service too often."""
        key = self._key(work)
        if work.counted or key is None:
            return None
        try:
            work.attempt = await asyncio.to_thread(self._attempts.begun, key)
        except Exception as error:
            return self._uncounted(error)
        if work.number < self._limit:
            return None
        work.counted = True
        return Failure("poison", ENDED_SERVICE, "", f"work was begun {work.number} times and the service ended each time", "")

    async def begin(self, work: InWork) -> Failure | None:
        """Counts the attempt unless that was done; returns why that cannot be."""
        if work.counted:
            return None
        await fault_point_async("before_attempt")
        key, now = self._key(work), self._clock.now()
        try:
            work.attempt = (
                await asyncio.to_thread(self._attempts.begin, key, now, work.attempt) if key else Attempt(work.number + 1, work.first_at)
            )
        except Exception as error:
            return self._uncounted(error)
        work.counted = True
        self._meter.count(metrics.ATTEMPTS, topic=work.topic, number=str(work.number) if work.number <= 2 else "more")
        return None

    def _uncounted(self, error: Exception) -> Failure:
        """A count that cannot be kept is the storage's trouble, never the event's fault."""
        return replace(failure_of(error, self._secrets), kind="transient")

    def _key(self, work: InWork) -> str | None:
        envelope = work.record.envelope
        return attempt_key(self._name, envelope) if envelope is not None and work.subscription.durable_attempts else None

    async def forget(self, work: InWork, tries: int = 3) -> None:
        """Takes the count of attempts away. Where that fails, the next time counts as a second attempt: harmless."""
        key = self._key(work)
        if key is None or not work.counted:
            return
        for number in range(1, tries + 1):
            try:
                await asyncio.to_thread(self._attempts.done, key)
            except Exception as error:
                log().warning("attempts not cleared", text=failure_of(error, self._secrets).text, tries=number)
                if number < tries:
                    await self._clock.sleep(next(work.delays))
            else:
                return
