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
    """Counts how often work on an event was begun. Synchronous; called from threads. All raise TransientError where the storage is away.

    `key` comes from `shared.delivery.policy.attempt_key`: `SERVICE/EVENT-REDRIVE`, safe in an object's key (letters, digits, `:._-/`).
    """

    def begun(self, key: str) -> Attempt | None:
        """The last attempt that was begun; null: none was, or its record cannot be read."""

    def begin(self, key: str, now: str, before: Attempt | None) -> Attempt:
        """Counts one more attempt and returns once that is durable. Args: before: the last one, as `begun` told it."""

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
