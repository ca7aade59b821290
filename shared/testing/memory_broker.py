"""Services on a broker in memory: the same runner, no Kafka. For tests of one service's wiring or of all of them in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.delivery.messages import Outgoing, RawHeaders, Received, Sendable
from shared.delivery.policy import TOO_LARGE
from shared.delivery.ports import Clock
from shared.delivery.progress import Progress
from shared.delivery.runner import GivenBackError, Runner, Terms
from shared.delivery.service import ServiceApp, Subscription
from shared.envelope import Envelope, to_headers
from shared.failures import PoisonError
from shared.telemetry.meter import Meter
from shared.telemetry.traces import NoTraces, Traces
from shared.testing.clock import FakeClock
from shared.topics import all_topics

TERMS = Terms(retry_seconds=20, begun_limit=5, handler_seconds=525, hold_seconds=300)


@dataclass
class MemoryBroker:
    """Topics in memory. `refuse`: raised by the next publishes, one each, before the record is taken."""

    clock: Clock = field(default_factory=FakeClock)
    topics: dict[str, list[Received]] = field(default_factory=lambda: {spec.name: [] for spec in all_topics()})
    refuse: list[BaseException] = field(default_factory=list)

    async def publish(self, sendable: Sendable) -> None:
        """Appends a record; its size is checked as by the real publisher."""
        if self.refuse:
            raise self.refuse.pop(0)
        key, headers = _key_and_headers(sendable)
        limit = next(spec.max_bytes for spec in all_topics() if spec.name == sendable.topic)
        if len(sendable.body) + sum(len(name) + len(value or b"") for name, value in headers) > limit:
            raise PoisonError(TOO_LARGE, f"a record for {sendable.topic} is larger than {limit} bytes")
        records = self.topics[sendable.topic]
        records.append(Received(sendable.topic, 0, len(records), 0, key, headers, sendable.body, None))

    def put(self, topic: str, headers: RawHeaders, body: bytes, key: bytes | None = None) -> Received:
        """Appends a record as a stranger would."""
        records = self.topics[topic]
        records.append(Received(topic, 0, len(records), 0, key, headers, body, None))
        return records[-1]

    def event(self, topic: str, envelope: Envelope, body: bytes, key: str = "key") -> Received:
        """Appends an event."""
        return self.put(topic, to_headers(envelope), body, key.encode())


class MemoryService:
    """A service whose subscriptions read a MemoryBroker. A position moves only when its record is dealt with."""

    def __init__(self, app: ServiceApp, broker: MemoryBroker, terms: Terms = TERMS, traces: Traces | None = None) -> None:
        self.app = app
        self.broker = broker
        self.meter = Meter()
        self.progress = Progress(broker.clock, [each.topic for each in app.subscriptions])
        self.positions = dict.fromkeys((each.topic for each in app.subscriptions), 0)
        self.runner = Runner(
            app.name, terms, app.attempts, broker.publish, broker.clock, self.progress, self.meter, traces or NoTraces(), ("s3cret-value",)
        )

    async def step(self, subscription: Subscription) -> bool:
        """Deals with the next record of a subscription. Returns whether there was one and it was dealt with."""
        position = self.positions[subscription.topic]
        records = self.broker.topics[subscription.topic]
        if position >= len(records):
            return False
        try:
            await self.runner.handle(subscription, records[position])
        except GivenBackError:
            return False
        self.positions[subscription.topic] = position + 1
        return True


async def run_until_idle(services: Sequence[MemoryService]) -> None:
    """Lets services work until none has anything to do."""
    busy = True
    while busy:
        busy = False
        for service in services:
            for subscription in service.app.subscriptions:
                busy |= await service.step(subscription)


def _key_and_headers(sendable: Sendable) -> tuple[bytes | None, RawHeaders]:
    if isinstance(sendable, Outgoing):
        return sendable.key.encode(), to_headers(sendable.envelope)
    return sendable.key, sendable.headers
