"""What the delivery layer needs of the outside: a durable count of attempts, and a clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Attempt:
    """The attempt that begins now: `number` counts from 1, `first_at` is when the first one began (ISO 8601, UTC)."""

    number: int
    first_at: str


class AttemptsPort(Protocol):
    """Counts how often work on an event was begun. Synchronous; called from threads. Both raise TransientError where the storage is away.

    `key` comes from `shared.delivery.policy.attempt_key`: `SERVICE/EVENT-REDRIVE`, safe in an object's key (letters, digits, `:._-/`).
    """

    def begin(self, key: str, now: str) -> Attempt:
        """Counts one more attempt and returns once that is durable. A record that cannot be read counts as none."""

    def done(self, key: str) -> None:
        """Forgets the key: the event's effects are durable, it was deferred, or it lies in the dead letters. No error where there is none."""


class Clock(Protocol):
    """Time and waiting, so that tests need not wait."""

    def now(self) -> str:
        """The time now: ISO 8601, UTC, with milliseconds and `Z`."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary point; never goes back."""

    async def sleep(self, seconds: float) -> None:
        """Waits."""
