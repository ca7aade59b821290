"""What is being worked on and when something was last finished: the ground on which a service judges whether it is alive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.delivery.ports import Clock


@dataclass
class _Topic:
    last_step: float
    lag: int = 0
    waiting_since: float | None = None
    in_flight: Counter[int] = field(default_factory=Counter)


class Progress:
    """Steps and lag by topic (short names)."""

    def __init__(self, clock: Clock, topics: Iterable[str]) -> None:
        self._clock = clock
        self._topics = {name: _Topic(clock.monotonic()) for name in topics}

    def begin(self, topic: str, partition: int) -> None:
        """A record was taken."""
        self._topics[topic].in_flight[partition] += 1

    def step(self, topic: str) -> None:
        """A try came to an end, well or not."""
        self._topics[topic].last_step = self._clock.monotonic()

    def end(self, topic: str, partition: int) -> None:
        """A record is dealt with (or was given back)."""
        state = self._topics[topic]
        state.in_flight[partition] -= 1
        state.last_step = self._clock.monotonic()

    def in_flight(self, topic: str, partition: int | None = None) -> int:
        """Records that are being worked on."""
        counts = self._topics[topic].in_flight
        return sum(counts.values()) if partition is None else counts[partition]

    def measured(self, topic: str, lag: int) -> None:
        """Notes how many records of the assigned partitions are not finished."""
        state = self._topics[topic]
        state.lag = lag
        if lag <= 0:
            state.waiting_since = None
        elif state.waiting_since is None:
            state.waiting_since = self._clock.monotonic()

    def unmeasured(self, topic: str) -> None:
        """Lag cannot be measured (the broker is away): waiting for it is not being stuck."""
        self.measured(topic, 0)

    def idle_seconds(self, topic: str) -> float:
        """Seconds since anything was finished while records waited; 0 where none waits."""
        state = self._topics[topic]
        if state.waiting_since is None:
            return 0.0
        return max(0.0, self._clock.monotonic() - max(state.waiting_since, state.last_step))

    def stuck(self, seconds: float) -> list[str]:
        """Topics on which records wait and nothing was finished for so long."""
        return [name for name in self._topics if self.idle_seconds(name) > seconds]
