"""What happens to one record: attempt, handler, publishing, and what follows from a failure. Knows no broker.

`Runner.handle` returns when the offset may be committed: the effects are durable, or the event is deferred or a dead letter on all
replicas. It raises only `GivenBackError` and `asyncio.CancelledError`, and then the record comes again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from shared.delivery.counting import Counting, InWork
from shared.delivery.faults import bug_in, fault_point_async
from shared.delivery.gate import Gate
from shared.delivery.messages import Outgoing, Publish, Received, Sendable, Verbatim
from shared.delivery.policy import (
    MALFORMED,
    Failure,
    Step,
    after,
    failure_of,
)
from shared.delivery.ports import AttemptsPort, Clock
from shared.delivery.progress import Progress
from shared.delivery.records import dead_letter, deferred, without_body
from shared.delivery.service import Subscription
from shared.envelope import Envelope, MalformedEnvelopeError, from_headers
from shared.failures import PoisonError
from shared.telemetry import metrics
from shared.telemetry.logs import about, log
from shared.telemetry.meter import Meter
from shared.telemetry.traces import Traces, trace_id
from shared.topics import SERVICES, ServiceName, dead_letters
from shared.versions import RELEASE

_FORGET_SECONDS: Final = 2.0
_LATE_SECONDS: Final = 60.0  # only of the bug `ack_before_publish`: long enough for any test to kill the service in between


class GivenBackError(Exception):
    """The record could not be dealt with now and goes back to the broker: the service stops, or it was held long enough."""


@dataclass(frozen=True)
class Terms:
    """Times and counts of the delivery. `retry_seconds`: tries in place; `begun_limit`: see the settings; `handler_seconds`: a handler that
    takes longer is ended (poison); `hold_seconds`: a record that is not deferred is given back after so long, well inside the poll interval.
    """

    retry_seconds: float
    begun_limit: int
    handler_seconds: float
    hold_seconds: float


class Runner:
    """Deals with the records of one service.

    Args: secrets: values that must not stand in dead letters.
    """

    def __init__(
        self,
        name: ServiceName,
        terms: Terms,
        attempts: AttemptsPort,
        publish: Publish,
        clock: Clock,
        progress: Progress,
        meter: Meter,
        traces: Traces,
        secrets: Sequence[str] = (),
    ) -> None:
        self._name = name
        self._terms = terms
        self._counting = Counting(name, terms.begun_limit, attempts, clock, meter, secrets)
        self._publish = publish
        self._clock = clock
        self._progress = progress
        self._meter = meter
        self._traces = traces
        self._secrets = secrets
        self._gate = Gate()
        self._stopping = asyncio.Event()
        self._late: set[asyncio.Task[None]] = set()  # only of the bug `ack_before_publish`

    def stop(self) -> None:
        """From now on nothing is tried again in place: what fails goes back to the broker."""
        self._stopping.set()

    async def handle(self, subscription: Subscription, record: Received) -> None:
        """Deals with a record; see the module. The record's envelope is read here."""
        record = replace(record, envelope=_envelope(record))
        trace = record.envelope.traceparent if record.envelope else ""
        work = InWork(subscription, record, trace, self._clock.monotonic(), self._clock.now())
        outcome = "returned"
        self._progress.begin(record.topic, record.partition)
        self._meter.add(metrics.IN_FLIGHT, 1, topic=record.topic)
        try:
            with (
                about(**_told(record)),
                self._traces.span(f"{self._name} {record.topic}", work.trace, _attributes(record)) as work.trace,
            ):
                outcome = await self._deal_or_give_back(work)
        finally:
            self._progress.end(record.topic, record.partition)
            self._meter.add(metrics.IN_FLIGHT, -1, topic=record.topic)
            self._meter.count(metrics.EVENTS, topic=record.topic, outcome=outcome)
            self._meter.observe(metrics.EVENT_SECONDS, self._clock.monotonic() - work.begun, topic=record.topic)
        await fault_point_async("before_commit")

    async def _deal_or_give_back(self, work: InWork) -> str:
        """Returns the outcome. Where the record goes back, the attempt is taken back too: nothing was wrong with the event."""
        try:
            return await self._deal(work)
        except (GivenBackError, asyncio.CancelledError):
            with suppress(TimeoutError):
                async with asyncio.timeout(_FORGET_SECONDS):
                    await self._counting.forget(work, tries=1)
            raise

    async def _deal(self, work: InWork) -> str:
        if work.record.envelope is None and work.subscription.needs_envelope:
            return await self._bury(work, _malformed(work.record))
        while True:
            failure = await self._counting.look(work) or await self._try(work)
            self._progress.step(work.topic)
            if failure is None:
                await self._counting.forget(work)
                return "done"
            match self._step(work, failure):
                case "bury":
                    return await self._bury(work, failure)
                case "defer" if work.deferrable:
                    return await self._defer(work, failure)
                case "again_alone":
                    work.counted = False
                case _:
                    await self._pause(work)

    async def _try(self, work: InWork) -> Failure | None:
        """One try: handler, then publishing. Returns its failure.

        The attempt is counted when its turn has come: what only waits while a neighbour ends the service must not be counted with it.
        """
        number = work.number if work.counted else work.number + 1
        alone = number > 1 and work.subscription.alone_on_second
        inside: AbstractAsyncContextManager[None] = self._gate.alone() if alone else self._gate.together()
        try:
            async with inside:
                if failure := await self._counting.begin(work):
                    return failure
                sendables = await self._call(work)
            await self._send(work, sendables)
        except asyncio.CancelledError as error:
            # Out of the handler's own depths (a cancelled future of an executor) it would end the consume loop of FastStream 0.7.8 for
            # good, with `broker.ping` still answering. Only a cancellation of this very task is to be passed on.
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
            return failure_of(PoisonError("handler.cancelled", repr(error)))
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:
            failure = failure_of(error, self._secrets)
            if failure.kind == "poison":
                log().error("poison", attempt=work.number, exc_info=error)
            return failure
        return None

    async def _call(self, work: InWork) -> Sequence[Sendable]:
        await fault_point_async("before_handler")
        limit = self._terms.handler_seconds
        try:
            async with asyncio.timeout(limit) as deadline:
                return await work.subscription.handler(replace(work.record, attempt=work.number))
        except TimeoutError:
            if deadline.expired():
                raise PoisonError("handler.timeout", f"not finished after {limit:g} s") from None
            raise

    async def _send(self, work: InWork, sendables: Sequence[Sendable]) -> None:
        if bug_in("ack_before_publish"):
            self._late.add(asyncio.create_task(self._send_late(work, sendables)))
            return
        await fault_point_async("before_publish")
        for sendable in sendables:
            await self._publish(self._stamped(work, sendable))
        await fault_point_async("after_publish")

    async def _send_late(self, work: InWork, sendables: Sequence[Sendable]) -> None:
        await asyncio.sleep(_LATE_SECONDS)
        for sendable in sendables:
            await self._publish(self._stamped(work, sendable))

    def _stamped(self, work: InWork, sendable: Sendable) -> Sendable:
        """An event with time, and with lane, trace and redrive count of what it follows from."""
        if not isinstance(sendable, Outgoing):
            return sendable
        known: dict[str, str | int] = {"time": self._clock.now(), "attempts": max(1, work.number)}
        if received := work.record.envelope:
            known |= {"lane": received.lane, "redrive": max(received.redrive, sendable.envelope.redrive)}
        if work.trace:
            known["traceparent"] = work.trace
        return replace(sendable, envelope=msgspec.structs.replace(sendable.envelope, **known))

    def _step(self, work: InWork, failure: Failure) -> Step:
        """What follows; counts the failure."""
        now = self._clock.monotonic()
        if failure.kind == "transient" and work.first_failure is None:
            work.first_failure = now
        left = self._terms.retry_seconds - (0.0 if work.first_failure is None else now - work.first_failure)
        step = after(failure, work.number, left)
        self._meter.count(metrics.FAILURES, topic=work.topic, kind=failure.kind, code=failure.code)
        if step in ("again", "again_alone"):
            self._meter.count(metrics.RETRIES, topic=work.topic, kind=failure.kind)
        log().warning(
            "failure", kind=failure.kind, code=failure.code, text=failure.text, stack=failure.stack, attempt=work.number, step=step
        )
        return step

    async def _pause(self, work: InWork) -> None:
        """Waits for the next try in place. Raises GivenBackError when the service stops, or the record was held long enough."""
        if self._clock.monotonic() - work.begun > self._terms.hold_seconds:
            raise GivenBackError(f"held for {self._terms.hold_seconds:g} s")
        nap = asyncio.create_task(self._clock.sleep(next(work.delays)))
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((nap, stop), return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
            stop.cancel()
        if self._stopping.is_set():
            raise GivenBackError("the service stops")

    async def _defer(self, work: InWork, failure: Failure) -> str:
        try:
            await self._publish(deferred(self._name, work.record, failure, self._clock.now()))
        except PoisonError as too_large:  # with our headers it does not fit: a dead letter can be sent again as well
            return await self._bury(work, failure_of(too_large, self._secrets))
        self._meter.count(metrics.DEFERRED, topic=work.topic, code=failure.code)
        await self._counting.forget(work)
        return "deferred"

    async def _bury(self, work: InWork, failure: Failure) -> str:
        letter = dead_letter(self._name, work.record, failure, max(1, work.number), work.first_at, self._clock.now(), RELEASE)
        if not _is_dead_letter(work.topic):  # one that its reader fails on stays where it is: burying it again would never end
            await self._publish_letter(letter)
        self._meter.count(metrics.DEAD_LETTERS, topic=work.topic, code=failure.code)
        log().error(
            "dead letter",
            code=failure.code,
            error_class=failure.error_class,
            text=failure.text,
            stack=failure.stack,
            attempts=work.number,
        )
        await self._counting.forget(work)
        return "dead"

    async def _publish_letter(self, letter: Verbatim) -> None:
        try:
            await self._publish(letter)
        except PoisonError:
            await self._publish(without_body(letter))


def _is_dead_letter(topic: str) -> bool:
    return topic in {dead_letters(service) for service in SERVICES}


def _envelope(record: Received) -> Envelope | None:
    try:
        return from_headers(record.headers)
    except MalformedEnvelopeError:
        return None


def _malformed(record: Received) -> Failure:
    try:
        from_headers(record.headers)
    except MalformedEnvelopeError as error:
        return replace(failure_of(error), code=MALFORMED, stack="")
    raise AssertionError("asked only for records without envelope")


def _told(record: Received) -> dict[str, str | int]:
    """What log lines about a record carry."""
    told: dict[str, str | int] = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    if envelope := record.envelope:
        subject = "document" if envelope.subject.startswith("sha256:") else "subject"
        told |= {"event_id": envelope.id, subject: envelope.subject, "object": envelope.object, "trace_id": trace_id(envelope.traceparent)}
    return told


def _attributes(record: Received) -> dict[str, str | int]:
    """What a span carries, in OpenTelemetry's words for messaging where it has some."""
    found: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.destination.name": record.topic,
        "messaging.destination.partition.id": str(record.partition),
        "messaging.kafka.message.offset": record.offset,
    }
    if envelope := record.envelope:
        found |= {"tieout.event": envelope.id, "tieout.subject": envelope.subject, "tieout.object": envelope.object}
    return found
